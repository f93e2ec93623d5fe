#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/duration.h"

namespace promster {

// Which siblings stay in the ring though their key has vanished (semantics.md, 3.3). A key that is
// gone is weak evidence: an etcd that was paused for longer than a lease deletes those of all
// nodes, while all of them live. So whoever vanishes is probed:
//
//   vanished ──► kept, until a probe fails, or max(2 · TTL, 30 s) are over; 60 s where more than
//   half
//                of all siblings vanished within 10 s; 4 s where no probe says anything
//   vanished, but had said that it drains ──► out at once
//   appeared ──► in, as if nothing had been
//
// A sibling that comes and goes is not kept out of the ring for it: only those who saw it do so
// would, and nodes that do not agree on the ring may leave a target to each other.
//
// Thread rule: one thread (part of the reconciler).
class MemberGuard {
 public:
  struct Options {
    Duration ttl{10'000};  // of our lease, as granted
    bool enabled = true;   // false: a key that is gone is a sibling that is gone
  };

  // One that is kept.
  struct Kept {
    std::string name;
    SteadyTime since{}, until{};
    bool answered = false;  // a probe at least once
  };

  explicit MemberGuard(Options options) : options_(options) {}

  // REQUIRES of all: a sibling, not ourselves; time does not go back.

  // Its key is gone. `draining`: its last value said so.
  void vanished(const std::string& name, bool draining, SteadyTime now);
  // Its key is there; again and again says nothing new.
  void appeared(const std::string& name);
  // A probe of it, or several, came to this. Returns whether that says anything new.
  bool probed(const std::string& name, bool answers);

  // Vanished, but still in the ring.
  std::set<std::string> kept() const;
  bool keeps(const std::string& name) const { return suspects_.contains(name); }
  // The same, by name, with what they are waiting for.
  std::vector<Kept> kept_members() const;
  // To be probed.
  std::set<std::string> suspects() const { return kept(); }

  // Lets go whose time is over; returns whether kept() changed.
  bool expire(SteadyTime now);
  // When expire() has something to do next.
  std::optional<SteadyTime> deadline() const;

 private:
  struct Suspect {
    SteadyTime since{};
    SteadyTime until{};
    bool answered = false;
  };
  SteadyTime end_of(const Suspect& suspect) const;
  void extend_if_many(SteadyTime now);
  const Options options_;
  std::set<std::string> present_;
  std::map<std::string, Suspect> suspects_;
  std::map<std::string, SteadyTime> lately_;  // vanished unannounced within the last 10 s
};

}  // namespace promster
