#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/duration.h"
#include "core/target.h"

namespace promster {

// Whether a member has published that its Prometheus scrapes its share of a ring (Member::applied).
using HasApplied = std::function<bool(const std::string& member, const std::string& ring)>;
// Whether a member still scrapes what it had, be it draining.
using IsAlive = std::function<bool(const std::string& member)>;

// What is known of the others.
struct Others {
  HasApplied has_applied;
  IsAlive is_alive;
};

// What this moment is good for.
struct SwitchAllowed {
  bool clocks = true;       // to let targets change hands by the clock
  bool acknowledge = true;  // to say that we scrape our share
};

// Hands targets over from one node to another so that no target has a gap and none is counted twice
// (design.md, "Totals that stay right"; semantics.md, 3.4): who gains a target scrapes it first and
// counts it once it has said so; who loses it scrapes and counts it until then. What is not counted
// is *foreign*: the rules leave it out.
//
//             gained                     I have scraped all that I gained, and say so
//   (nothing) ──────► taking (foreign) ─────────────────────────────────────────────► owned
//   (counted)
//             lost                       the new owner says so           a little later
//   owned     ──────► leaving (counted) ───────────────────────► left (foreign) ──────► (nothing)
//
// A target that comes back while it is leaving just stays. One that moved because *targets*
// changed, not members, changes hands by the clock on both sides, since nobody acknowledges that.
//
// Thread rule: one thread (part of the reconciler).
class Handover {
 public:
  struct Options {
    bool acknowledged = true;  // false: by the clock alone (--shard.handover=<duration>)
    Duration most{300'000};    // where an acknowledgement does not come
    Duration timer{22'000};    // where nobody acknowledges; zero: no hand-over, drop first
    Duration linger{2'000};    // from "left" to being dropped from the file
    int scrapes = 2;           // before a gained target counts: two where rules have ranges
  };

  // What a new assignment says of one target.
  struct Claim {
    const Target* target = nullptr;
    bool mine = false;
    bool by_clock = false;          // it moved though the members are the same
    std::vector<std::string> from;  // mine, but not in the ring before: who had it then; else empty
    std::vector<std::string> owners;  // not mine: who has it in this ring
  };

  explicit Handover(Options options) : options_(options) {}
  Handover(const Handover&) = delete;  // moving_ points into entries_
  Handover& operator=(const Handover&) = delete;

  // A new assignment: every target that is ours by it, or that we held before, with its claim. What
  // we held and is not named here is gone from etcd, and forgotten at once. `ring` is the hash of
  // the members that the assignment is of.
  void assign(std::span<const Claim> claims, const std::string& ring, const IsAlive& is_alive,
              SteadyTime now);

  // How often each address was scraped since it entered the file; ones not named: never.
  void scraped(const std::map<std::string, int>& scrapes);

  // Lets happen what is due: acknowledgements of others at once; clocks, and our own
  // acknowledgement, where `allowed` says that the moment suits (core/rule_phase.h). Returns
  // whether anything changed.
  bool advance(const Others& others, SwitchAllowed allowed, SteadyTime now);

  // The next time after `now` at which advance() has something to do.
  std::optional<SteadyTime> deadline(SteadyTime now) const;
  // Whether something waits only for a moment that suits.
  bool clock_over(SteadyTime now) const;
  // Whether anything of ours is not counted yet.
  bool taking() const;

  // The ring of which our Prometheus is seen scraping our share; empty before the first.
  const std::string& applied() const { return applied_; }
  // Whether it matters how often Prometheus has scraped what.
  bool wants_scrapes() const;

  // Before the first assignment: a former run of this node held and counted these.
  void adopt(std::span<const Target* const> targets);

  std::vector<const Target*> file() const;             // what the target file holds
  std::vector<const Target*> counted_targets() const;  // that our rules count, by key
  std::size_t counted_size() const;                    // how many these are
  std::set<std::string> counted() const;               // addresses that our rules count
  std::set<std::string> foreign() const;               // addresses in the file that they leave out
  std::size_t moving() const;                          // targets in any state but owned
  std::vector<std::string> moving_addresses(std::size_t most) const;  // of these, sorted

 private:
  enum class Holding { kOwned, kTaking, kLeaving, kLeft };
  struct Offer {
    std::string ring;
    std::vector<std::string> owners;
  };
  struct Entry {
    Target target;
    Holding holding = Holding::kOwned;
    std::optional<SteadyTime> clock;  // when it changes hands without an acknowledgement
    std::optional<SteadyTime> drop;   // of kLeft: when it goes from the file
    std::vector<std::string> from;    // of kTaking: who counts it until we do
    std::vector<Offer> offers;        // of kLeaving: who was to take it, by which ring
    std::vector<std::string> owners;  // of kLeaving: whose it is now
    bool unseen = false;  // it moved here, and Prometheus was not seen scraping it often enough

    bool counts() const { return holding == Holding::kOwned || holding == Holding::kLeaving; }
    bool rests() const { return holding == Holding::kOwned && !unseen; }
  };

  void claim(const Claim& claim, const IsAlive& is_alive, SteadyTime now);
  void gain(Entry& entry, const Claim& claim, bool is_new, SteadyTime now);
  void lose(Entry& entry, const Claim& claim, SteadyTime now);
  static void own(Entry& entry);
  static void leave(Entry& entry, SteadyTime drop);
  bool acknowledge(bool allowed);
  bool taking_unclocked() const;
  void find_moving();
  std::size_t drop(SteadyTime now);
  static bool let_go(const Entry& entry, const HasApplied& has_applied);

  const Options options_;
  std::string ring_;  // of the last assignment
  std::string applied_;
  std::map<std::string, Entry> entries_;  // by key
  std::vector<Entry*> moving_;            // those that do not rest, by key: few, most of the time
};

}  // namespace promster
