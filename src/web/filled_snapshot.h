#pragma once

#include <chrono>

#include "core/snapshot.h"

namespace promster {

// A snapshot in which every field says something. For tests.
inline Snapshot filled_snapshot(SteadyTime now) {
  Snapshot s;
  s.node = "10.0.0.1:9090";
  s.service = "prom-level1";
  s.missing = {};
  s.degraded = {"etcd: no leader"};
  s.members_source = {.enabled = true, .synced = true, .up = true, .revision = 812};
  s.members_source.watch_restarts = {{"compacted", 1}, {"no_leader", 2}};
  s.targets_source = {.enabled = true, .synced = true, .up = false, .revision = 815};
  s.targets_source.reason = "no leader";
  s.targets_source.lost = now - std::chrono::seconds(20);
  s.members = {{.name = "10.0.0.1:9090"},
               {.name = "10.0.0.2:9090", .state = MemberState::kDraining},
               {.name = "10.0.0.3:9090"}};
  s.targets_discovered = 20;
  s.targets_assigned = 7;
  s.targets_counted = 6;
  s.sharding = true;
  s.owners_each = 1;
  s.algorithm = "bounded";
  s.targets_rejected = {{"address", 2}, {"label", 1}};
  s.assignment_checksum = 0xfedcba9876543210;
  s.imbalance = 1.05;
  s.assignment_seconds.observe(0.002);
  s.membership_changes = {{"joined", 5}, {"left", 2}};
  s.target_moves = {{"in", 9}, {"out", 2}};
  s.foreign_targets = {{"/metrics", "10.1.0.1:3000"}, {"/metrics", "10.1.0.2:3000"}};
  s.etcd_request_seconds["range"].observe(0.004);
  s.etcd_request_failures = {{"deadline", 1}};
  s.registered = true;
  s.lease_ttl = std::chrono::seconds(5);
  s.lease_confirmed = now - std::chrono::milliseconds(1500);
  s.registrations = 1;
  s.file_writes = {{"prometheus.yml", 1}, {"sd/targets.json", 4}};
  s.file_write_failures = {{"sd/targets.json", 1}};
  s.reloads = {{"accepted", 2}, {"rejected", 1}};
  s.last_reload_successful = true;
  s.last_reload_success_time = 1.7e9;
  s.change_to_applied_seconds.observe(0.05);
  s.prometheus_up = true;
  s.prometheus_version = "2.42.0";
  s.prometheus_restarts = 3;
  return s;
}

}  // namespace promster
