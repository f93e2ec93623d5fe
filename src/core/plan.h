#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/duration.h"
#include "base/result.h"
#include "core/base_config.h"

namespace promster {

// Replace sd/targets.json.
struct WriteTargets {
  std::string targets_json;
  std::size_t targets = 0;
};

// Make Prometheus run this configuration: check, replace both files, reload, verify; where it is
// refused, restore what was there and reload again.
struct ApplyConfig {
  std::string prometheus_yml;
  std::string rules_yml;
  bool force_reload = false;          // reload even where nothing changed (an operator asked)
  BaseConfig base;                    // of the site, which is part of prometheus_yml
  std::vector<std::string> sections;  // beside those that are always there, which settings ask for
  std::string fault;                  // why there are no bytes: it is refused as it is
};

// What the executor is to do: targets first, since a reload may take long. Empty: disk and
// Prometheus agree with the state.
struct Plan {
  std::optional<ApplyConfig> config;
  std::optional<WriteTargets> targets;
  bool assigned = false;  // the targets were assigned anew to make this plan, whatever came of it

  bool empty() const { return !config && !targets; }
};

// How a change of the configuration ended. *Failed* (could not ask) and *rejected* (the answer was
// no) are different: the first is tried again, the second waits for other input.
struct ConfigOutcome {
  enum class Kind {
    kAccepted,   // files and Prometheus agree
    kUnchanged,  // they agreed before: nothing was written, nothing reloaded
    kPending,   // the files are in place, Prometheus could not be asked yet (starting, unreachable)
    kRejected,  // refused; the old files are back in place
    kFailed,    // could not be tried: disk, permission
  };
  Kind kind = Kind::kFailed;
  std::string who;                         // who refused: "promster", "promtool", "prometheus"
  std::string reason;                      // its words
  std::vector<std::string> files_written;  // "rules.yml", "prometheus.yml"
  bool reloaded = false;                   // a reload was asked for
  bool good_one_stays = false;  // rejected, but Prometheus runs these bytes since an earlier run
  Duration took{};
};

struct TargetsOutcome {
  Result<bool> written = false;  // whether the bytes on disk changed
  Duration took{};
};

// What came of a plan; each part where the plan had it.
struct Outcome {
  std::optional<ConfigOutcome> config;
  std::optional<TargetsOutcome> targets;
  std::optional<double> assign_seconds;  // where the plan says `assigned`: how long step() took
};

}  // namespace promster
