#include "core/reconciler.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/render.h"

namespace promster {
namespace {

SteadyTime at(int milliseconds) {
  return SteadyTime(Duration(milliseconds));
}

constexpr DiskState kFreshDisk{};
constexpr DiskState kUsedDisk{.config_present = true, .targets_present = true};

Settings node_settings() {
  Settings settings;
  settings.scrape.etcd_path = "/t";
  settings.scrape.interval = std::chrono::seconds(5);
  settings.registry.etcd.endpoints = {"http://127.0.0.1:2379"};
  settings.registry.service = "s";
  return settings;
}

Settings lone_settings() {
  Settings settings = node_settings();
  settings.registry.etcd.endpoints.clear();
  return settings;
}

// A reconciler with the loop of the agent around it; what is planned is done, and remembered.
class Node {
 public:
  explicit Node(Settings settings = node_settings(), DiskState disk = kUsedDisk)
      : reconciler_(std::move(settings), {.name = "n1:9090", .instance = "i"}, disk, at(0)) {}

  Node& see(const Event& event, int now) {
    reconciler_.observe(event, at(now));
    return *this;
  }

  // Steps at `now`, and carries the plan out; returns it.
  Plan step(int now) {
    Plan plan = reconciler_.step(at(now));
    Outcome outcome;
    if (plan.config) {
      configs_.push_back(*plan.config);
      outcome.config = config_outcome_;
    }
    if (plan.targets) {
      outcome.targets = TargetsOutcome{.written = write_result_};
      if (write_result_.ok()) file_ = plan.targets->targets_json;
    }
    reconciler_.applied(outcome, at(now));
    return plan;
  }

  // Steps whenever something is due, up to `now`.
  void run_until(int now) {
    for (auto due = reconciler_.deadline(); due && *due <= at(now); due = reconciler_.deadline()) {
      step(static_cast<int>(due->time_since_epoch() / std::chrono::milliseconds(1)));
    }
  }

  bool scrapes(const std::string& address) const {
    return file_.find('"' + address + '"') != std::string::npos;
  }
  bool missing(const std::string& what) const {
    return std::ranges::any_of(reconciler_.snapshot().missing, [&](const std::string& line) {
      return line.find(what) != std::string::npos;
    });
  }

  Reconciler reconciler_;
  std::string file_;
  std::vector<ApplyConfig> configs_;
  ConfigOutcome config_outcome_{.kind = ConfigOutcome::Kind::kAccepted};
  Result<bool> write_result_ = true;
};

KeyValue target(int i) {
  return {.key = "/t/app/10.1.0." + std::to_string(i) + ":80", .mod_revision = i};
}
std::string address(int i) {
  return "10.1.0." + std::to_string(i) + ":80";
}

Listed targets_listed(int count) {
  Listing listing{.revision = 100};
  for (int i = 1; i <= count; ++i) listing.entries.push_back(target(i));
  return {.source = Source::kTargets, .listing = listing};
}

Listed members_listed(const std::vector<std::string>& names) {
  Listing listing{.revision = 100};
  for (const std::string& name : names) {
    listing.entries.push_back(
        {.key = "/registry/s/" + name,
         .value = render_member_value({.name = name, .algorithm = kBoundedAlgorithm}),
         .mod_revision = 1});
  }
  return {.source = Source::kMembers, .listing = listing};
}

Changed member_change(const std::string& name, bool there, int revision) {
  return {.source = Source::kMembers,
          .revision = revision,
          .changes = {{.key = "/registry/s/" + name,
                       .value = there ? std::optional(std::string()) : std::nullopt,
                       .mod_revision = revision}}};
}

Changed target_change(int i, bool there, int revision) {
  return {.source = Source::kTargets,
          .revision = revision,
          .changes = {{.key = target(i).key,
                       .value = there ? std::optional(std::string()) : std::nullopt,
                       .mod_revision = revision}}};
}

// A node that is alone, has 20 targets, and a Prometheus.
class SettledNode : public Node {
 public:
  explicit SettledNode(Settings settings = node_settings()) : Node(std::move(settings)) {
    see(members_listed({}), 0).see(targets_listed(20), 0);
    see(PrometheusSeen{.ready = true, .version = "2.42.0"}, 0);
    see(SourceWatched{.source = Source::kMembers}, 0)
        .see(SourceWatched{.source = Source::kTargets}, 0);
    run_until(500);
  }
};

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

TEST(Reconciler, ASiblingTakesAndGivesBackAShare) {
  SettledNode node;
  // An original promster acknowledges nothing: what moves to it goes by the clock.
  node.see(member_change("n2:9090", true, 300), 1000);
  node.run_until(1300);
  EXPECT_EQ(node.reconciler_.snapshot().targets_assigned, 20u);
  EXPECT_GT(node.reconciler_.snapshot().targets_handing_over, 5u);
  node.run_until(25'000);
  const std::size_t shared = node.reconciler_.snapshot().targets_assigned;
  EXPECT_LT(shared, 15u);
  EXPECT_EQ(node.reconciler_.snapshot().targets_handing_over, 0u);
  node.see(member_change("n2:9090", false, 301), 30'000);
  node.run_until(30'300);
  const Snapshot snapshot = node.reconciler_.snapshot();
  EXPECT_EQ(snapshot.targets_assigned, 20u);
  EXPECT_EQ(snapshot.membership_changes.at("joined"), 1u);
  EXPECT_EQ(snapshot.membership_changes.at("left"), 1u);
  EXPECT_EQ(snapshot.target_moves.at("out"), 20 - shared);
  EXPECT_EQ(snapshot.target_moves.at("in"), 20 + 20 - shared);
}

TEST(Reconciler, ASiblingWhoseKeyVanishedStaysWhileItAnswers) {
  Node node;
  node.see(members_listed({"n2:9090"}), 0).see(targets_listed(20), 0);
  node.run_until(100);
  const std::size_t shared = node.reconciler_.snapshot().targets_assigned;
  ASSERT_LT(shared, 15u);
  node.see(member_change("n2:9090", false, 301), 1000);
  node.see(SiblingProbed{.name = "n2:9090", .answers = true}, 1100);
  node.run_until(5000);
  EXPECT_EQ(node.reconciler_.suspects(), std::set<std::string>{"n2:9090"});
  EXPECT_EQ(node.reconciler_.snapshot().targets_assigned, shared);
  node.see(SiblingProbed{.name = "n2:9090", .answers = false}, 6000);
  node.run_until(6300);
  EXPECT_EQ(node.reconciler_.snapshot().targets_assigned, 20u);
}

TEST(Reconciler, ADrainingSiblingHasNoShare) {
  Node node;
  Listed members = members_listed({"n2:9090"});
  members.listing.entries[0].value = render_member_value(
      {.name = "n2:9090", .algorithm = kBoundedAlgorithm, .state = MemberState::kDraining});
  node.see(members, 0).see(targets_listed(20), 0);
  node.run_until(100);
  EXPECT_EQ(node.reconciler_.snapshot().targets_assigned, 20u);
}

TEST(Reconciler, WhatLeftIsForeignToTheRulesForTheirRange) {
  Settings settings = node_settings();
  settings.scrape.paths = {"/metrics", "/other"};
  settings.rules.push_back({.number = 1, .name = "a:b", .expr = "sum(irate(x[2m]))"});
  SettledNode node(settings);
  node.see(target_change(7, false, 200), 1000);
  node.run_until(1300);
  const std::vector<JobInstance> expected{{"/metrics", address(7)}, {"/other", address(7)}};
  EXPECT_EQ(node.reconciler_.snapshot().foreign_targets, expected);
  node.run_until(120'000);
  EXPECT_EQ(node.reconciler_.snapshot().foreign_targets.size(), 2u);
  node.run_until(140'000);
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

TEST(Reconciler, RegistersOncePrometheusIsReadyAndTheShareIsWritten) {
  Node node;
  node.see(PrometheusSeen{.ready = true}, 0);
  node.run_until(100);
  EXPECT_FALSE(node.reconciler_.registration().wanted);
  node.see(members_listed({}), 200).see(targets_listed(1), 200);
  node.run_until(300);
  const Registration registration = node.reconciler_.registration();
  EXPECT_TRUE(registration.wanted);
  const auto member = parse_member({.key = "/registry/s/n1:9090", .value = registration.value});
  ASSERT_TRUE(std::holds_alternative<Member>(member));
  EXPECT_EQ(std::get<Member>(member).algorithm, kBoundedAlgorithm);
  EXPECT_EQ(std::get<Member>(member).scrapes, "/t");
  EXPECT_TRUE(node.missing("not registered"));
  node.see(Registered{.ttl = std::chrono::seconds(5)}, 310);
  EXPECT_TRUE(node.reconciler_.snapshot().ready());
}

TEST(Reconciler, WithdrawsWhenPrometheusIsDownForLong) {
  SettledNode node;
  node.see(PrometheusSeen{.ready = false, .reason = "connection refused"}, 1000);
  node.run_until(30'999);
  EXPECT_TRUE(node.reconciler_.registration().wanted);
  node.run_until(31'000);
  EXPECT_FALSE(node.reconciler_.registration().wanted);
  EXPECT_TRUE(node.missing("connection refused"));
}

TEST(Reconciler, WhoWithdrewLeavesItsTargetsToTheOthersAndTakesThemBackLater) {
  SettledNode node;
  node.see(member_change("n2:9090", true, 300), 600);
  node.see(PrometheusSeen{.ready = false, .reason = "connection refused"}, 1000);
  node.run_until(100'000);
  EXPECT_EQ(node.reconciler_.snapshot().targets_assigned, 0u);
  node.see(PrometheusSeen{.ready = true}, 100'000);
  node.run_until(100'500);
  EXPECT_EQ(node.reconciler_.snapshot().targets_assigned, 0u) << "others count them";
  node.run_until(110'100);
  EXPECT_TRUE(node.reconciler_.registration().wanted);
  EXPECT_GT(node.reconciler_.snapshot().targets_assigned, 5u);
  EXPECT_GT(node.reconciler_.snapshot().targets_handing_over, 5u);
}

TEST(Reconciler, ARestartedAgentOwnsWhatItHad) {
  const Settings settings = node_settings();
  const Ring ring = make_ring({.members = {{"n1:9090", {.algorithm = kBoundedAlgorithm}},
                                           {"n2:9090", {.algorithm = kBoundedAlgorithm}}},
                               .self = "n1:9090",
                               .settings = settings.shard});
  const auto member = [](const std::string& name, const std::string& applied) {
    return KeyValue{.key = "/registry/s/" + name,
                    .value = render_member_value(
                        {.name = name, .algorithm = kBoundedAlgorithm, .applied = applied}),
                    .mod_revision = 1};
  };
  // Starts with the file of a former run, and tells how much of the new one is not counted.
  const auto foreign_of = [&](const std::vector<KeyValue>& members) {
    DiskState disk = kUsedDisk;
    for (int i = 1; i <= 20; ++i) {
      disk.targets.push_back({.address = address(i), .labels = {{"prsn", "app"}}});
    }
    Settings with_rule = settings;
    with_rule.rules.push_back({.number = 1, .name = "a:b", .expr = "sum(x)"});
    Node node(with_rule, disk);
    node.see(Listed{.source = Source::kMembers, .listing = {.revision = 9, .entries = members}}, 0);
    node.see(targets_listed(20), 0);
    node.run_until(5000);
    return std::ranges::count_if(
        node.reconciler_.snapshot().foreign_targets,
        [&](const JobInstance& one) { return node.scrapes(one.instance); });
  };
  EXPECT_EQ(foreign_of({member("n1:9090", ring.hash), member("n2:9090", "")}), 0);
  EXPECT_EQ(foreign_of({member("n1:9090", "another ring"), member("n2:9090", "")}), 0);
  EXPECT_EQ(foreign_of({member("n2:9090", ring.hash)}), 0) << "n2 kept it while it was away";
  EXPECT_EQ(foreign_of({}), 0);
  EXPECT_GT(foreign_of({member("n2:9090", "another ring")}), 5) << "n2 has taken over";
}

// A power cut: etcd has lost everything, and the agent knows only its own file.
TEST(Reconciler, ARestartedAgentHoldsWhatAWipedEtcdForgot) {
  DiskState disk = kUsedDisk;
  for (int i = 1; i <= 20; ++i) {
    disk.targets.push_back({.address = address(i), .labels = {{"prsn", "app"}}});
  }
  Node node(node_settings(), disk);
  node.see(members_listed({}), 0).see(targets_listed(0), 0);
  node.run_until(1000);
  EXPECT_TRUE(node.scrapes(address(1)));
  EXPECT_EQ(node.reconciler_.snapshot().held_targets.size(), 20u);
  node.see(targets_listed(20), 2000);
  node.run_until(3000);
  EXPECT_TRUE(node.reconciler_.snapshot().held_targets.empty());
  EXPECT_EQ(node.reconciler_.snapshot().targets_assigned, 20u);
}

TEST(Reconciler, AListingWithoutOurKeyBringsItBack) {
  SettledNode node;
  node.see(Registered{.ttl = std::chrono::seconds(5), .revision = 100}, 600);
  const std::uint64_t before = node.reconciler_.registration().renewal;
  Listed listed = members_listed({});
  listed.listing.revision = 99;
  node.see(listed, 700);
  EXPECT_EQ(node.reconciler_.registration().renewal, before) << "it was made before our put";
  listed.listing.revision = 100;
  node.see(listed, 800);
  EXPECT_GT(node.reconciler_.registration().renewal, before);
}

TEST(Reconciler, AnEtcdThatForgetsEverybodyDoesNotEndADrain) {
  SettledNode node;
  node.see(Registered{.ttl = std::chrono::seconds(5), .revision = 100}, 600);
  node.see(member_change("n2:9090", true, 300), 700);
  node.run_until(30'000);
  node.see(StopAsked{}, 31'000);
  node.run_until(31'100);
  EXPECT_TRUE(node.reconciler_.snapshot().draining);
  node.see(member_change("n2:9090", false, 301), 32'000);
  node.run_until(32'500);
  EXPECT_TRUE(node.reconciler_.registration().wanted) << "n2 may live";
  node.see(SiblingProbed{.name = "n2:9090", .answers = false}, 33'000);
  node.run_until(33'100);
  EXPECT_FALSE(node.reconciler_.registration().wanted) << "there is nobody to take over";
}

TEST(Reconciler, AVanishedKeyOfOursIsPutAgain) {
  SettledNode node;
  node.see(Registered{.ttl = std::chrono::seconds(5), .confirmed = at(600)}, 600);
  node.see(member_change("n1:9090", true, 300), 600);
  const std::uint64_t before = node.reconciler_.registration().renewal;
  node.see(member_change("n1:9090", false, 301), 700);
  EXPECT_GT(node.reconciler_.registration().renewal, before);
}

TEST(Reconciler, AStopWithdrawsAndWaitsForItALittle) {
  SettledNode node;
  node.see(Registered{.ttl = std::chrono::seconds(5)}, 600);
  node.see(StopAsked{}, 1000);
  node.step(1000);
  EXPECT_FALSE(node.reconciler_.registration().wanted);
  EXPECT_FALSE(node.reconciler_.done(at(1001)));
  node.see(RegistrationLost{.reason = "withdrawn", .withdrawn = true}, 1100);
  EXPECT_TRUE(node.reconciler_.done(at(1100)));
}

TEST(Reconciler, AStopDoesNotWaitForADeadEtcd) {
  SettledNode node;
  node.see(Registered{.ttl = std::chrono::seconds(5)}, 600);
  node.see(StopAsked{}, 1000);
  EXPECT_FALSE(node.reconciler_.done(at(3999)));
  EXPECT_TRUE(node.reconciler_.done(at(4000)));
  SettledNode hasty;
  hasty.see(Registered{.ttl = std::chrono::seconds(5)}, 600);
  hasty.see(StopAsked{}, 1000).see(StopAsked{}, 1100);
  EXPECT_TRUE(hasty.reconciler_.done(at(1100))) << "a second stop does not wait at all";
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
