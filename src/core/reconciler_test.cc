#include <gtest/gtest.h>

#include "core/reconciler_for_test.h"

namespace promster {
namespace {

using namespace reconciler_test;
using Node = LoopedNode;

TEST(Reconciler, TouchesNoTargetFileBeforeBothPrefixesWereListed) {
  Node node;
  node.step(0);
  node.see(targets_listed(3), 1);
  node.run_until(10'000);
  EXPECT_EQ(node.file_, "") << "the file of the last run must stay";
  EXPECT_TRUE(node.missing("members were not listed"));
  node.see(members_listed({}), 10'000);
  node.run_until(10'100);
  EXPECT_TRUE(node.scrapes(address(1)));
}

TEST(Reconciler, WritesAnEmptyGroupWhereThereIsNoFileYet) {
  Node node(node_settings(), kFreshDisk);
  node.step(0);
  EXPECT_EQ(node.file_, render_targets_json({}));
  node.file_.clear();
  node.run_until(10'000);
  EXPECT_EQ(node.file_, "") << "once";
}

TEST(Reconciler, TakesItsShareOnly) {
  Node node;
  node.see(members_listed({"n2:9090", "n3:9090"}), 0).see(targets_listed(30), 0);
  node.run_until(100);
  const Snapshot snapshot = node.reconciler_.snapshot();
  EXPECT_GT(snapshot.targets_assigned, 5u);
  EXPECT_LE(snapshot.targets_assigned, 11u);
  EXPECT_EQ(snapshot.targets_discovered, 30u);
  EXPECT_GE(snapshot.imbalance, 1);
}

TEST(Reconciler, WithoutShardingTheRegistryIsNotWaitedFor) {
  Settings settings = node_settings();
  settings.scrape.shard = false;
  Node node(settings);
  node.see(targets_listed(20), 0);
  node.run_until(100);
  EXPECT_EQ(node.reconciler_.snapshot().targets_assigned, 20u);
  Node lone(lone_settings());
  lone.see(targets_listed(20), 0);
  lone.run_until(100);
  EXPECT_EQ(lone.reconciler_.snapshot().targets_assigned, 20u);
  EXPECT_FALSE(lone.reconciler_.registration().wanted);
}

TEST(Reconciler, CountsTheRestartsOfPrometheus) {
  Node node;
  const auto restarts = [&] { return node.reconciler_.snapshot().prometheus_restarts; };
  node.see(PrometheusSeen{.ready = true, .started = "2026-01-01T00:00:00Z"}, 0);
  EXPECT_EQ(restarts(), 0u) << "the first start that is seen is no restart";
  node.see(PrometheusSeen{.ready = false}, 1000);
  node.see(PrometheusSeen{.ready = true, .started = "2026-01-01T00:00:00Z"}, 2000);
  EXPECT_EQ(restarts(), 0u) << "it was slow only";
  node.see(PrometheusSeen{.ready = true, .started = "2026-01-01T00:00:05Z"}, 3000);
  EXPECT_EQ(restarts(), 1u);
}

TEST(Reconciler, KnowsSinceWhenASourceIsLost) {
  Node node;
  const auto lost = [&] { return node.reconciler_.snapshot().targets_source.lost; };
  EXPECT_FALSE(lost());
  node.see(SourceLost{Source::kTargets, "unavailable", "refused"}, 1000);
  node.see(SourceLost{Source::kTargets, "unavailable", "refused"}, 2000);
  EXPECT_EQ(lost(), at(1000));
  EXPECT_FALSE(node.reconciler_.snapshot().members_source.lost);
  node.see(SourceWatched{Source::kTargets, 5}, 3000);
  EXPECT_FALSE(lost());
}

TEST(Reconciler, AChangeIsInTheFileSoonAndAlone) {
  SettledNode node;
  node.see(target_change(21, true, 200), 10'000);
  EXPECT_EQ(node.reconciler_.deadline(), at(10'010));
  const Plan plan = node.step(10'010);
  ASSERT_TRUE(plan.targets);
  EXPECT_FALSE(plan.config) << "targets never cause a reload";
  EXPECT_TRUE(node.scrapes(address(21)));
  EXPECT_TRUE(node.step(11'000).empty());
  node.see(target_change(21, false, 201), 20'000);
  node.run_until(20'100);
  EXPECT_FALSE(node.scrapes(address(21)));
}

TEST(Reconciler, SilenceOfEtcdRemovesNothing) {
  SettledNode node;
  node.see(Registered{.ttl = std::chrono::seconds(5)}, 600);
  const std::string before = node.file_;
  node.see(SourceLost{.source = Source::kTargets, .code = "unavailable", .reason = "no endpoint"},
           1000);
  node.see(SourceLost{.source = Source::kMembers, .code = "unavailable", .reason = "no endpoint"},
           1000);
  node.run_until(10'000'000);
  EXPECT_EQ(node.file_, before);
  const Snapshot snapshot = node.reconciler_.snapshot();
  EXPECT_TRUE(snapshot.ready());
  EXPECT_EQ(snapshot.degraded.size(), 2u);
  EXPECT_EQ(snapshot.targets_source.watch_restarts.at("unavailable"), 1u);
}

TEST(Reconciler, WhatLeftIsForeignToTheRulesForTheirRange) {
  Settings settings = node_settings();
  settings.scrape.paths = {"/metrics", "/other"};
  settings.rules.push_back({.number = 1, .name = "a:b", .expr = "sum(irate(x[2m]))"});
  SettledNode node(settings);
  node.see(target_change(7, false, 200), 10'000);
  node.run_until(10'300);
  const std::vector<JobInstance> expected{{"/metrics", address(7)}, {"/other", address(7)}};
  EXPECT_EQ(node.reconciler_.snapshot().foreign_targets, expected);
  node.run_until(140'000);
  EXPECT_EQ(node.reconciler_.snapshot().foreign_targets.size(), 2u);
  node.run_until(150'000);
  EXPECT_TRUE(node.reconciler_.snapshot().foreign_targets.empty());
}

TEST(Reconciler, AFailedWriteIsTriedAgain) {
  SettledNode node;
  node.write_result_ = Error{"write sd/targets.json: No space left on device"};
  node.see(target_change(21, true, 200), 10'000);
  node.run_until(10'100);
  EXPECT_TRUE(node.missing("No space left"));
  EXPECT_EQ(node.reconciler_.snapshot().file_write_failures.at("sd/targets.json"), 1u);
  node.write_result_ = true;
  node.run_until(12'000);
  EXPECT_TRUE(node.scrapes(address(21)));
  EXPECT_FALSE(node.missing("No space left"));
}

TEST(Reconciler, ARefusedConfigurationIsNamed) {
  Node node;
  node.config_outcome_ = {.kind = ConfigOutcome::Kind::kRejected,
                          .who = "promtool",
                          .reason = "rules.yml: parse error"};
  node.step(0);
  EXPECT_TRUE(node.missing("promtool: rules.yml: parse error"));
  EXPECT_EQ(node.reconciler_.snapshot().reloads.at("rejected"), 1u);
  node.run_until(60'000);
  EXPECT_EQ(node.configs_.size(), 1u) << "the same bytes are not tried again soon";
}

TEST(Reconciler, WhatPrometheusRunsSinceAnEarlierRunIsEnough) {
  Node node;
  node.config_outcome_ = {.kind = ConfigOutcome::Kind::kRejected,
                          .who = "promtool",
                          .reason = "rules/a.yml: parse error",
                          .good_one_stays = true};
  node.step(0);
  EXPECT_FALSE(node.missing("configuration"));
  const auto degraded = node.reconciler_.snapshot().degraded;
  ASSERT_FALSE(degraded.empty());
  EXPECT_NE(degraded.front().find("promtool: rules/a.yml: parse error"), std::string::npos);
}

TEST(Reconciler, TheFirstConfigurationRefusedIsFollowedByOneWithoutRules) {
  Settings settings = node_settings();
  settings.rules.push_back({.number = 1, .name = "a:b", .expr = "sum("});
  Node node(settings, kFreshDisk);
  node.config_outcome_ = {
      .kind = ConfigOutcome::Kind::kRejected, .who = "promtool", .reason = "no"};
  node.step(0);
  node.config_outcome_ = {.kind = ConfigOutcome::Kind::kAccepted};
  node.run_until(10);
  ASSERT_EQ(node.configs_.size(), 2u);
  EXPECT_NE(node.configs_[0].rules_yml.find("a:b"), std::string::npos);
  EXPECT_EQ(node.configs_[1].rules_yml.find("a:b"), std::string::npos);
  EXPECT_TRUE(node.missing("not in use"));
}

TEST(Reconciler, ARefreshReloadsOnceMore) {
  SettledNode node;
  ASSERT_EQ(node.configs_.size(), 1u);
  node.see(RefreshAsked{}, 60'000);
  node.run_until(60'100);
  ASSERT_EQ(node.configs_.size(), 2u);
  EXPECT_TRUE(node.configs_[1].force_reload);
  EXPECT_EQ(node.configs_[1].prometheus_yml, node.configs_[0].prometheus_yml);
}

TEST(Reconciler, ARefreshWritesTheTargetFileAgainAndTheNodeStaysReady) {
  SettledNode node;
  const std::string file = std::exchange(node.file_, "not what was written");
  const auto missing = node.reconciler_.snapshot().missing;
  node.see(RefreshAsked{}, 60'000);
  EXPECT_EQ(node.reconciler_.snapshot().missing, missing) << "Prometheus scrapes on";
  node.run_until(60'100);
  EXPECT_EQ(node.file_, file);
}

TEST(Reconciler, RejectedEntriesAreCountedAndShown) {
  Node node;
  Listed targets = targets_listed(2);
  targets.listing.entries.push_back({.key = "/t/app/http://10.0.0.9:80", .mod_revision = 5});
  targets.listing.entries.push_back({.key = "/t/app/nonsense", .mod_revision = 5});
  node.see(members_listed({}), 0).see(targets, 0);
  node.run_until(100);
  const Snapshot snapshot = node.reconciler_.snapshot();
  EXPECT_EQ(snapshot.targets_assigned, 2u);
  EXPECT_EQ(snapshot.rejected_examples.size(), 2u);
  std::uint64_t rejected = 0;
  for (const auto& [code, count] : snapshot.targets_rejected) rejected += count;
  EXPECT_EQ(rejected, 2u);
}

}  // namespace
}  // namespace promster
