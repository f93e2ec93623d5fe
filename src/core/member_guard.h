#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/duration.h"

namespace promster {

// Which siblings stay in the ring though their key has vanished, and which stay out though they
// have one (semantics.md, 3.3). A key that is gone is weak evidence: an etcd that was paused for
// longer than a lease deletes those of all nodes, while all of them live. So whoever vanishes is
// probed:
//
//   vanished ──► kept, until a probe fails, or max(2 · TTL, 30 s) are over; 60 s where more than
//   half
//                of all siblings vanished within 10 s; 4 s where no probe says anything
//   vanished, but had said that it drains ──► out at once
//   appeared ──► in, as if nothing had been
//
// A sibling that falls out of the ring unannounced and comes back again and again (three times in
// or out within 5 min) stays out, key or not, until it was quiet for 60 s; for twice as long each
// further time, at most 10 min. Its targets are covered by the others meanwhile. A sibling that was
// kept never fell out: an etcd that forgets everybody again and again damps nobody.
//
// Damping is what one node has seen: one that has started since takes the sibling for a member, so
// their rings differ, and each hands over to the other by the clock. `damping` turns it off.
//
// Thread rule: one thread (part of the reconciler).
class MemberGuard {
 public:
  struct Options {
    Duration ttl{10'000};  // of our lease, as granted
    bool enabled = true;   // false: a key that is gone is a sibling that is gone
    bool damping = true;
  };

  explicit MemberGuard(Options options) : options_(options) {}

  // REQUIRES of all: a sibling, not ourselves; time does not go back.

  // Its key is gone. `draining`: its last value said so.
  void vanished(const std::string& name, bool draining, SteadyTime now);
  // Its key is there; again and again says nothing new.
  void appeared(const std::string& name, SteadyTime now);
  // A probe of it, or several, came to this.
  void probed(const std::string& name, bool answers, SteadyTime now);

  // Vanished, but still in the ring.
  std::set<std::string> kept() const;
  // To be probed.
  std::set<std::string> suspects() const { return kept(); }
  // With a key, but not in the ring.
  std::set<std::string> absent() const;

  // Lets go whose time is over; returns whether kept() or absent() changed.
  bool expire(SteadyTime now);
  // When expire() has something to do next.
  std::optional<SteadyTime> deadline() const;

 private:
  struct Suspect {
    SteadyTime since{};
    SteadyTime until{};
    bool answered = false;
  };
  struct Flapping {
    std::deque<SteadyTime> toggles;   // in or out of the ring, the last 5 min
    int dampings = 0;                 // so far
    std::optional<SteadyTime> until;  // out of the ring
    SteadyTime last{};
  };

  SteadyTime end_of(const Suspect& suspect) const;
  void extend_if_many(SteadyTime now);
  void drop(const std::string& name, SteadyTime now);
  void toggle(Flapping& flapping, SteadyTime now) const;
  static void damp(Flapping& flapping, SteadyTime now);
  bool damped(const std::string& name) const;
  bool expire_damping(SteadyTime now);

  const Options options_;
  std::set<std::string> present_;
  std::map<std::string, Suspect> suspects_;
  std::map<std::string, SteadyTime> lately_;  // vanished unannounced within the last 10 s
  std::map<std::string, Flapping> flapping_;  // that fell out of the ring unannounced
};

}  // namespace promster
