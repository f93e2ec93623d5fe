#pragma once

#include <optional>

#include "base/backoff.h"
#include "base/duration.h"
#include "core/plan.h"

namespace promster {

// When to try which configuration: at once when it is new, again when Prometheus could not be
// asked, later and later when the disk failed, and not again while it is refused (only other input,
// or half an hour, makes another try worth it). Reloads are at least five seconds apart.
//
// Where the first configuration of a folder is refused there is nothing to fall back to on disk, so
// the one without rules and without what the site adds is tried: a Prometheus that scrapes is
// better than none.
//
// Thread rule: one thread.
class ConfigDelivery {
 public:
  // `bare`: the same without rules, given where no configuration is on disk yet.
  ConfigDelivery(ApplyConfig wanted, std::optional<ApplyConfig> bare, SteadyTime now);

  // A new wish, or (with force_reload set) the same again; replaces the one before, of which a
  // reload that was asked for and did not come about yet stays asked for.
  void want(ApplyConfig wanted, SteadyTime now);

  // Prometheus answers again: what is pending can go on.
  void prometheus_ready(SteadyTime now);

  // What is to be tried now, if anything.
  std::optional<ApplyConfig> due(SteadyTime now) const;
  std::optional<SteadyTime> deadline() const { return next_try_; }

  void applied(const ConfigOutcome& outcome, SteadyTime now);

  // Why the wanted configuration is not in use; nullopt while it is, or while nobody said no.
  const std::optional<ConfigOutcome>& refusal() const { return refusal_; }
  // Whether the refusal is of a later configuration than one that Prometheus runs, or of the same
  // with other files of rules of the site: what it runs stays.
  bool good_one_stays() const;
  // Whether some configuration of ours is in place (Prometheus may still have to load it).
  bool in_place() const { return in_place_; }

 private:
  void try_at(SteadyTime when);
  bool current_is_bare() const;
  void refused(const ConfigOutcome& outcome, SteadyTime now);

  ApplyConfig current_;
  std::optional<ApplyConfig> bare_;
  std::optional<SteadyTime> next_try_;
  std::optional<SteadyTime> reloaded_;
  std::optional<ConfigOutcome> refusal_;
  Backoff backoff_;
  bool pending_ = false;
  bool in_place_ = false;
  bool accepted_ = false;  // one that was wanted, in this run or before it
};

}  // namespace promster
