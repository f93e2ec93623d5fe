#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "core/cluster_picture.h"
#include "core/drain.h"
#include "core/histogram.h"
#include "core/history.h"
#include "core/keyspace.h"
#include "core/member.h"
#include "core/plan.h"

namespace promster {

// What one source (the registry, the scrape prefix) is known to be like.
struct SourceSnapshot {
  bool enabled = false;
  bool synced = false;                                  // listed at least once
  bool up = false;                                      // its watch stands
  std::int64_t revision = 0;                            // the last one heard of
  std::string reason;                                   // why it is not up
  std::optional<SteadyTime> lost;                       // since when it is not, where it was lost
  std::map<std::string, std::uint64_t> watch_restarts;  // by reason code
};

// The name under which Prometheus knows a target: what promster_foreign_target says.
struct JobInstance {
  std::string job;
  std::string instance;
  auto operator<=>(const JobInstance&) const = default;
};

// A target that is gone from etcd but is scraped on (core/target_hold.h), and what it waits for.
struct HeldTarget {
  std::string address;
  std::string key;
  double since = 0;             // unix seconds
  std::optional<double> until;  // unix seconds; none: until it is down or an operator confirms
  int down_scrapes = 0;         // in a row; at three it is let go
  bool alone = false;           // a node of the level below that vanished without a word
};

// A sibling whose key is gone but who answers (core/member_guard.h).
struct KeptMember {
  std::string name;
  double since = 0;  // unix seconds
  double until = 0;
};

// A file that we wrote, as it is on disk as far as we know.
struct ShownFile {
  std::string name;                            // "prometheus.yml", "rules.yml", "sd/targets.json"
  std::shared_ptr<const std::string> content;  // null: not written yet
  double written = 0;                          // unix seconds; 0: a former run's
};

// Everything that pages, metrics and answers show of a node at one moment: made by the control
// thread, never changed afterwards.
struct Snapshot {
  double time = 0;      // unix seconds, when it was made
  double started = 0;   // unix seconds, when this run began
  std::string node;     // our name in the registry
  std::string service;  // of the registry; empty without one

  // What keeps /-/ready at 503, each in a sentence; empty: ready. `degraded` does not.
  std::vector<std::string> missing{"starting"};
  std::vector<std::string> degraded;
  bool ready() const { return missing.empty(); }

  SourceSnapshot members_source, targets_source;
  std::vector<Member> members;  // by name, ourselves among them
  std::size_t targets_discovered = 0;
  std::size_t targets_assigned = 0;                       // in the target file
  std::size_t targets_counted = 0;                        // that etcd names and our rules count
  bool sharding = false;                                  // whether nodes share the targets
  std::size_t owners_each = 0;                            // nodes that own each target
  std::map<std::string, std::uint64_t> targets_rejected;  // now, by code
  std::vector<Rejected> rejected_examples;                // the first few, by key
  std::uint64_t assignment_checksum = 0;
  double imbalance = 1;  // the most loaded member's targets over the mean
  Histogram assignment_seconds;
  std::map<std::string, std::uint64_t> membership_changes{{"joined", 0}, {"left", 0}};
  std::map<std::string, std::uint64_t> target_moves{{"in", 0}, {"out", 0}};
  std::vector<JobInstance> foreign_targets;  // sorted
  std::size_t targets_handing_over = 0;
  std::vector<HeldTarget> held_targets;     // by key; gone from etcd, too suddenly to believe it
  std::uint64_t removal_confirmations = 0;  // how often an operator let go what was held
  std::vector<KeptMember> kept_members;     // by name; gone from etcd, but they answer
  std::vector<std::string>
      moving_targets;     // addresses that change hands here, sorted; at most 1,000
  bool stopping = false;  // it was asked to end
  bool draining = false;
  double drain_until = 0;     // while draining: unix seconds, when it leaves at the latest
  bool handed_over = false;   // while draining: nothing is ours any more
  Duration hand_over_took{};  // from the signal to that
  DrainEnd drain_end = DrainEnd::kNotYet;  // once it gives its key back for good
  bool drained = false;                    // it has left, and waits to be stopped
  std::string algorithm;  // in use: "bounded" or "legacy"; empty before the first assignment

  std::map<std::string, Histogram> etcd_request_seconds;       // by operation
  std::map<std::string, std::uint64_t> etcd_request_failures;  // by code

  bool registered = false;
  bool withdrawn = false;           // not registered since we do not want to be
  std::string registration_reason;  // why not
  Duration lease_ttl{};
  SteadyTime lease_confirmed{};
  std::uint64_t registrations = 0;
  std::string instance;  // ours
  std::int64_t pid = 0;  // of this agent, as it sees itself
  std::string rival;     // who put our key beside us, last seen: "instance 17", "an original one"
  std::uint64_t name_conflicts = 0;  // how often it did

  std::map<std::string, std::uint64_t> file_writes;          // by file
  std::map<std::string, std::uint64_t> file_write_failures;  // by file
  std::map<std::string, std::uint64_t> reloads;  // by result: accepted, rejected, failed
  bool last_reload_successful = false;
  double last_reload_success_time = 0;        // unix seconds
  std::optional<ConfigOutcome> last_refusal;  // why the newest configuration is not in use
  std::string config_pending;  // why Prometheus could not be asked to load what is on disk
  std::string file_failure;    // why the target file could not be written
  Histogram change_to_applied_seconds;

  bool prometheus_up = false;
  std::string prometheus_reason;
  std::string prometheus_version;
  std::string prometheus_started;         // when its process did, RFC 3339
  std::uint64_t prometheus_restarts = 0;  // seen by this run

  // Shared with other snapshots; never null.
  std::shared_ptr<const ClusterPicture> cluster = std::make_shared<const ClusterPicture>();
  std::shared_ptr<const History::Changes> changes = std::make_shared<const History::Changes>();
  std::shared_ptr<const History::Reloads> reload_log = std::make_shared<const History::Reloads>();
  std::vector<ShownFile> files;
};

}  // namespace promster
