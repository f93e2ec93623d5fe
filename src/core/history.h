#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"

namespace promster {

// What happened to a node of the cluster.
struct MemberChange {
  enum class Kind {
    kJoined,    // its key appeared
    kLeft,      // its key is gone, and it is out of the ring
    kDraining,  // it said that it is about to leave
    kKept,      // its key is gone, but it answers: it keeps its share
    kBack,      // its key is back after it was kept
    kOther,     // a new run of it, or other words in its value ("restarted")
  };
  std::string member;
  Kind kind = Kind::kJoined;
  std::string reason;  // "lease expired or revoked", "drained"; may be empty
};

// So many targets went from one member to another; an empty name: from nobody (new), or to nobody
// (gone from etcd).
struct MoveCount {
  std::string from, to;
  std::size_t targets = 0;
};

// One target that changed hands, as an example.
struct MovedTarget {
  std::string address, from, to;
};

// One change of the cluster as this node saw it: everything between two assignments.
struct ClusterChange {
  static constexpr std::size_t kMostExamples = 20;
  static constexpr std::size_t kMostMoves = 1000;  // between 1,000 nodes there can be a million

  std::uint64_t id = 0;       // 1, 2, ... in this run
  double time = 0;            // unix seconds, when it was seen
  std::int64_t revision = 0;  // of etcd (the prefix that changed; the targets' where both did)
  std::vector<MemberChange> members;
  std::size_t targets_added = 0, targets_removed = 0;  // of all in etcd
  std::size_t targets_moved = 0;                       // from one member to another
  std::vector<MoveCount> moves;                        // the most first, up to kMostMoves
  std::vector<MovedTarget> examples;
  std::optional<double> written_seconds;  // until our target file said so
  std::optional<double> settled_seconds;  // until nothing of it changed hands here any more: our
                                          // Prometheus was seen scraping what came
};

// One try to make Prometheus run a configuration.
struct ReloadRecord {
  std::uint64_t id = 0;
  double time = 0;     // unix seconds, when it ended
  std::string result;  // accepted, pending, rejected, failed
  std::string who;     // whose words: "promster", "promtool", "prometheus"; empty: nobody objected
  std::string words;   // as they were said, several lines
  std::vector<std::string> files_written;
  bool reloaded = false;
  double took_seconds = 0;
  std::string diff;  // unified, of both files, against what was in use before; at most 64 KiB
};

// The last changes and reloads, the newest last. Bounded; shared with the snapshots, which hold the
// lists as they were.
//
// Thread rule: one thread (part of the reconciler); what it hands out is immutable.
class History {
 public:
  static constexpr std::size_t kMostChanges = 1000;
  static constexpr std::size_t kMostReloads = 100;
  // Changes of targets alone (some may move for it) within so long of the first of them are one.
  static constexpr Duration kTogether = std::chrono::seconds(10);

  using Changes = std::vector<std::shared_ptr<const ClusterChange>>;
  using Reloads = std::vector<std::shared_ptr<const ReloadRecord>>;

  // A change that was seen at `now`; its id is given here.
  void add(ClusterChange change, SteadyTime now);
  // The target file says what was changed until now.
  void written(SteadyTime now);
  // Nothing changes hands any more: of what was written by then.
  void settled(SteadyTime now);
  void add(ReloadRecord reload);

  // Never null.
  std::shared_ptr<const Changes> changes() const;
  std::shared_ptr<const Reloads> reloads() const;

 private:
  struct Open {
    std::shared_ptr<ClusterChange> change;
    SteadyTime since{}, latest{};  // of the first and the last of what is one change
  };
  void fill(std::optional<double> ClusterChange::*field, SteadyTime now);

  std::deque<Open> changes_;
  std::deque<std::shared_ptr<const ReloadRecord>> reloads_;
  std::uint64_t next_change_ = 1, next_reload_ = 1;
  mutable std::shared_ptr<const Changes> shown_changes_;  // null: to be made
  mutable std::shared_ptr<const Reloads> shown_reloads_;
};

}  // namespace promster
