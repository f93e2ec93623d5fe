#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "web/filled_snapshot.h"
#include "web/node_view.h"

// Snapshots as pages show them: a good day, and a bad one.
namespace promster {

inline std::string node_name(std::size_t i) {
  return "10.0.0." + std::to_string(i + 1) + ":9090";
}

// So many nodes that share so many targets, as bounded rendezvous assigns them.
inline std::shared_ptr<const ClusterPicture> shared_picture(std::size_t nodes,
                                                            std::size_t targets) {
  std::vector<Target> list;
  for (std::size_t i = 0; i < targets; ++i) {
    const std::string address = "10." + std::to_string(i / 250 / 250 + 1) + "." +
                                std::to_string(i / 250 % 250) + "." + std::to_string(i % 250) +
                                ":3000";
    list.push_back({.key = "/webservers/generator/" + address,
                    .address = address,
                    .labels = {{"prsn", "generator"}, {"zone", i % 2 == 0 ? "north" : "south"}}});
  }
  std::vector<const Target*> pointers;
  for (const Target& target : list) pointers.push_back(&target);
  ClusterPicture picture{.targets = TargetTable(pointers), .slack = 0.1};
  picture.shard_key = "address";
  picture.revision = 812;
  for (std::size_t i = 0; i < nodes; ++i) picture.sharing.members.push_back(node_name(i));
  std::sort(picture.sharing.members.begin(), picture.sharing.members.end());
  picture.sharing.assignment = assign(picture.shard_targets(), picture.sharing.members, {});
  picture.load = picture.sharing.assignment.load();
  return std::make_shared<const ClusterPicture>(std::move(picture));
}

inline ClusterChange example_change() {
  ClusterChange change{.id = 7, .time = 1795000000, .revision = 812};
  change.members = {{"10.0.0.2:9090", MemberChange::Kind::kLeft, "lease expired or revoked"}};
  change.targets_moved = 4;
  change.moves = {{"10.0.0.2:9090", "10.0.0.1:9090", 3}, {"10.0.0.2:9090", "10.0.0.3:9090", 1}};
  change.examples = {{"10.1.0.1:3000", "10.0.0.2:9090", "10.0.0.1:9090"}};
  change.written_seconds = 0.08;
  change.settled_seconds = 1.1;
  return change;
}

inline ReloadRecord accepted_reload() {
  return {.id = 1,
          .time = 1794999000,
          .result = "accepted",
          .files_written = {"prometheus.yml", "rules.yml"},
          .reloaded = true,
          .took_seconds = 0.31,
          .diff = " global:\n-  scrape_interval: 30s\n+  scrape_interval: 5s\n"};
}

inline ReloadRecord refused_reload() {
  return {
      .id = 2,
      .time = 1795000100,
      .result = "rejected",
      .who = "promtool",
      .words =
          "Checking rules.yml\n  FAILED:\nrules.yml: 7:11: group \"promster\", rule 1, "
          "\"total:rate\": could not parse expression: 1:6: parse error: unclosed left "
          "parenthesis\n",
      .took_seconds = 0.12,
      .diff = "   - record: total:rate\n-    expr: sum(rate(x[5m]))\n+    expr: sum(rate(x[5m])\n"};
}

// All is well: nodes that agree, nothing held, one change, one reload.
inline Snapshot good_day(std::size_t nodes, std::size_t targets) {
  const SteadyTime now = std::chrono::steady_clock::now();
  Snapshot s = filled_snapshot(now);
  s.time = 1795000142;
  s.started = 1794990000;
  s.degraded = {};
  s.lease_confirmed = now;
  s.targets_source = {.enabled = true, .synced = true, .up = true, .revision = 812};
  s.members = {};
  s.cluster = shared_picture(nodes, targets);
  for (const std::string& name : s.cluster->sharing.members) {
    s.members.push_back({.name = name, .algorithm = kBoundedAlgorithm, .applied = "ab12"});
  }
  s.targets_discovered = targets;
  s.targets_assigned = s.cluster->load.empty() ? 0 : s.cluster->load[0];
  s.targets_rejected = {};
  s.foreign_targets = {};
  s.last_reload_success_time = 1795000130;
  ClusterChange change = example_change();
  s.changes = std::make_shared<History::Changes>(
      History::Changes{std::make_shared<const ClusterChange>(change)});
  s.reload_log = std::make_shared<History::Reloads>(
      History::Reloads{std::make_shared<const ReloadRecord>(accepted_reload())});
  s.files = {{.name = "sd/targets.json",
              .content = std::make_shared<const std::string>("[{\"targets\": []}]\n"),
              .written = 1795000000},
             {.name = "rules.yml"}};
  return s;
}

// Nearly everything that can be wrong at once.
inline Snapshot bad_day(std::size_t nodes, std::size_t targets) {
  Snapshot s = good_day(nodes, targets);
  s.missing = {
      "the configuration is not in use: promtool: rules.yml: 7:11: group \"promster\", rule 1, "
      "\"total:rate\": could not parse expression: 1:6: parse error: unclosed left parenthesis"};
  s.degraded = {"the targets are not watched: no leader"};
  s.targets_source.up = false;
  s.targets_source.reason = "no leader";
  s.targets_rejected = {{"address", 2}};
  s.rejected_examples = {{.key = "/webservers/generator/http://10.0.0.9:80/metrics",
                          .code = "address",
                          .reason = "the address has a scheme; register host:port"},
                         {.key = "/webservers/generator/10.0.0.9",
                          .code = "address",
                          .reason = "the address has no port; register host:port"}};
  for (int i = 0; i < 12; ++i) {
    const std::string address = "10.9.0." + std::to_string(i) + ":3000";
    s.held_targets.push_back({.address = address,
                              .key = "/webservers/generator/" + address,
                              .since = 1795000000,
                              .until = 1795000900,
                              .down_scrapes = i % 3});
  }
  s.kept_members = {{.name = node_name(2), .since = 1795000120, .until = 1795000150}};
  std::erase_if(s.members, [](const Member& one) { return one.name == node_name(2); });
  s.members[1].state = MemberState::kDraining;
  s.members.back().algorithm = "";
  s.targets_handing_over = 3;
  s.moving_targets = {"10.1.0.1:3000", "10.1.0.2:3000", "10.1.0.3:3000"};
  s.last_refusal = ConfigOutcome{.kind = ConfigOutcome::Kind::kRejected, .who = "promtool"};
  s.reload_log = std::make_shared<History::Reloads>(
      History::Reloads{std::make_shared<const ReloadRecord>(accepted_reload()),
                       std::make_shared<const ReloadRecord>(refused_reload())});
  return s;
}

// Three levels of nodes, one node of which does not answer.
inline LevelsSeen three_levels() {
  const auto level = [](const char* service, std::size_t nodes, int depth, const char* scrapes,
                        std::vector<std::string> feeds) {
    Level result{
        .service = service, .scrapes = {scrapes}, .depth = depth, .feeds = std::move(feeds)};
    for (std::size_t i = 0; i < nodes; ++i) {
      const std::string name =
          "10.0." + std::to_string(depth - 1) + "." + std::to_string(i + 1) + ":9090";
      result.members.push_back({.name = name,
                                .algorithm = kBoundedAlgorithm,
                                .web = "http://" + name,
                                .version = "0.1.0"});
    }
    return result;
  };
  LevelsSeen seen;
  seen.levels.revision = 812;
  seen.levels.sources = {
      {.prefix = "/webservers/generator", .targets = 20, .feeds = {"prom-level1"}}};
  seen.levels.levels = {level("prom-level1", 5, 1, "/webservers/generator", {"prom-level2"}),
                        level("prom-level2", 2, 2, "/registry/prom-level1", {"prom-level3"}),
                        level("prom-level3", 1, 3, "/registry/prom-level2", {})};
  seen.levels.levels[0].members[1].state = MemberState::kDraining;
  seen.levels.levels[0].members[4].algorithm = "";
  seen.silent = {"10.0.1.2:9090"};
  return seen;
}

// What a node would say of itself, with nobody to ask but for the levels.
inline NodeView example_view(const Published<Snapshot>& snapshot) {
  return {.snapshot = snapshot,
          .registry_prefix = "/registry/prom-level1/",
          .scrape_prefix = "/webservers/generator",
          .settings = {{"scrape.interval", "5s", "SCRAPE_INTERVAL"},
                       {"registry.ttl", "10s", "default"},
                       {"etcd.password-file", "<secret>", "--etcd.password-file"}},
          .rules = {{.name = "total:rate",
                     .expr = "sum(rate(x[5m]))",
                     .guarded = true,
                     .written_expr =
                         "sum((rate(x[5m]) unless on (job, instance) promster_foreign_target))"}},
          .alerts = {{.name = "TargetDown",
                      .expr = "up == 0",
                      .guarded = true,
                      .written_expr = "(up unless on (job, instance) promster_foreign_target) == 0",
                      .after = "5m"}},
          .read_levels = [] { return three_levels(); }};
}

}  // namespace promster
