#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "core/histogram.h"
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
  std::map<std::string, std::uint64_t> watch_restarts;  // by reason code
};

// The name under which Prometheus knows a target: what promster_foreign_target says.
struct JobInstance {
  std::string job;
  std::string instance;
  auto operator<=>(const JobInstance&) const = default;
};

// Everything that pages, metrics and answers show of a node at one moment: made by the control
// thread, never changed afterwards.
struct Snapshot {
  std::string node;     // our name in the registry
  std::string service;  // of the registry; empty without one

  // What keeps /-/ready at 503, each in a sentence; empty: ready. `degraded` does not.
  std::vector<std::string> missing{"starting"};
  std::vector<std::string> degraded;
  bool ready() const { return missing.empty(); }

  SourceSnapshot members_source, targets_source;
  std::vector<Member> members;  // by name, ourselves among them
  std::size_t targets_discovered = 0;
  std::size_t targets_assigned = 0;
  std::map<std::string, std::uint64_t> targets_rejected;  // now, by code
  std::vector<Rejected> rejected_examples;                // the first few, by key
  std::uint64_t assignment_checksum = 0;
  double imbalance = 1;  // the most loaded member's targets over the mean
  Histogram assignment_seconds;
  std::map<std::string, std::uint64_t> membership_changes{{"joined", 0}, {"left", 0}};
  std::map<std::string, std::uint64_t> target_moves{{"in", 0}, {"out", 0}};
  std::vector<JobInstance> foreign_targets;  // sorted
  std::size_t targets_handing_over = 0;
  std::vector<std::string>
      held_targets;  // addresses; gone from etcd too many at once to believe it
  std::vector<std::string> kept_members;  // gone from etcd, but they answer
  bool draining = false;
  bool handed_over = false;   // while draining: nothing is ours any more
  Duration hand_over_took{};  // from the signal to that
  std::string algorithm;      // in use: "bounded" or "legacy"; empty before the first assignment

  std::map<std::string, Histogram> etcd_request_seconds;       // by operation
  std::map<std::string, std::uint64_t> etcd_request_failures;  // by code

  bool registered = false;
  bool withdrawn = false;           // not registered since we do not want to be
  std::string registration_reason;  // why not
  Duration lease_ttl{};
  SteadyTime lease_confirmed{};
  std::uint64_t registrations = 0;

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
};

}  // namespace promster
