#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/duration.h"
#include "core/event.h"
#include "core/node_keys.h"
#include "core/target.h"

namespace promster {

// Targets that are gone from etcd, but go on being scraped for a while, since too many went
// together: a registry that forgets is more likely than a service that stops as a whole
// (semantics.md, 3.2). Removals go through while there are not max(3, share of all) fewer than at
// the most within 60 s, and some are left: what is replaced is not lost. Else all that went within
// these 60 s is held, until
//
//   - Prometheus found it down in three scrapes in a row: the data plane agrees;
//   - or `hold` is over, since an address may come to be used by something else;
//   - or an operator confirms;
//   - or it is back in etcd, when there is nothing to hold any more.
//
// A node of the level below that vanishes without a word (core/node_keys.h) is held alone, too, for
// two minutes at most, and like any held node no longer than until its siblings have taken over.
//
// Whether too many went is judged by all targets, so all nodes judge alike; but each node holds
// only what it scrapes itself. So what is held is no part of the assignment, which is of what etcd
// lists and the same on all nodes: who held it goes on with it.
//
// Thread rule: one thread (part of the reconciler).
class TargetHold {
 public:
  struct Options {
    std::optional<Duration> hold = std::chrono::minutes(15);  // none: without end; zero: never hold
    double share = 0.5;                                       // of all targets
    // From the moment that a node's siblings count its share until our Prometheus has seen it.
    Duration settle = Duration::zero();
  };
  // One that is held, and what it waits for.
  struct Held {
    Target target;
    SteadyTime since{};
    std::optional<SteadyTime> until;
    int down = 0;        // scrapes in a row; at three it is let go
    bool alone = false;  // a node that vanished without a word, not with too many others
  };

  static constexpr int kDownScrapes = 3;
  // Of a node alone. Its siblings probe it for 30 s, 60 s where they are few (core/member_guard.h),
  // then it takes them two discovery ticks and some scrapes to take over.
  static constexpr Duration kAlone = std::chrono::minutes(2);

  explicit TargetHold(Options options) : options_(options) {}

  // etcd has other targets than before: `listed` are all of them, `file` those that our target file
  // holds until now (be it with what is held); `nodes` knows the same keys. Returns whether held()
  // changed.
  // REQUIRES: both by key, each key once; time does not go back.
  bool listed(std::span<const Target* const> listed, std::span<const Target* const> file,
              SteadyTime now, const NodeKeys& nodes = {});

  // Nodes may have said something new: those whose siblings have taken over are let go soon.
  // Returns whether held() changed.
  bool nodes_changed(const NodeKeys& nodes, SteadyTime now);

  // Returns whether held() changed.
  bool scraped(const ScrapesSeen& seen);
  // The operator says that all of them are gone indeed. Returns whether held() changed.
  bool confirm();
  bool expire(SteadyTime now);
  // When expire() has something to do next.
  std::optional<SteadyTime> deadline() const;

  // Whether it matters what Prometheus scrapes.
  bool wants_scrapes() const { return !held_.empty(); }
  // By key.
  std::vector<Held> held() const;
  // The same, for the target file; good until the next call that changes something.
  std::vector<const Target*> targets() const;

 private:
  struct Entry {
    Held held;
    double last_scrape = 0;  // unix seconds, of the last one counted
    bool replaced = false;   // its siblings have taken over
  };
  struct Step {
    SteadyTime when{};
    std::size_t before = 0;    // how many were listed
    std::vector<Target> ours;  // that went then, and are not held
  };

  bool too_many_gone() const;
  bool cancel(std::span<const Target* const> listed);
  void forget_before(SteadyTime time);
  bool hold_recent(std::span<const Target* const> listed, SteadyTime now);
  bool hold_nodes(const Step& step, std::span<const Target* const> listed, const NodeKeys& nodes);
  template <class Over>
  bool let_go(Over over);

  const Options options_;
  std::vector<std::size_t> keys_;      // hashes of all keys listed, sorted
  std::deque<Step> steps_;             // of the last 60 s, in which keys went
  std::map<std::string, Entry> held_;  // by key
};

}  // namespace promster
