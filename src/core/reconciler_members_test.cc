// The reconciler among siblings: who comes, goes, forgets, restarts.
#include <gtest/gtest.h>

#include "core/reconciler_for_test.h"

namespace promster {
namespace {

using namespace reconciler_test;
using Node = LoopedNode;

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

// A key that goes while its value says "active" is a crash to siblings and the level above.
TEST(Reconciler, WhoGivesItsKeyBackSaysSoFirst) {
  struct Case {
    const char* what;
    Settings settings;
    bool sibling;
    Event event;
    int until;
  };
  Settings at_once = node_settings();
  at_once.shard.handover = Duration::zero();
  const Event down = PrometheusSeen{.ready = false, .reason = "connection refused"};
  for (const Case& one :
       {Case{"a stop of the last node", node_settings(), false, StopAsked{}, 1000},
        Case{"a stop without a hand-over", at_once, true, StopAsked{}, 1000},
        Case{"Prometheus is down", node_settings(), true, down, 31'000}}) {
    SettledNode node(one.settings);
    node.see(Registered{.ttl = std::chrono::seconds(5)}, 600);
    if (one.sibling) node.see(member_change("n2:9090", true, 300), 600);
    node.run_until(900);
    EXPECT_EQ(node.said().state, MemberState::kActive) << one.what;
    node.see(one.event, 1000).run_until(one.until);
    node.step(one.until);
    EXPECT_FALSE(node.reconciler_.registration().wanted) << one.what;
    EXPECT_EQ(node.said().state, MemberState::kDraining) << one.what;
  }
}

TEST(Reconciler, WhoWithdrewIsActiveAgainWhenItIsBack) {
  SettledNode node;
  node.see(PrometheusSeen{.ready = false, .reason = "connection refused"}, 1000);
  node.run_until(31'000);
  EXPECT_EQ(node.said().state, MemberState::kDraining);
  node.see(PrometheusSeen{.ready = true}, 40'000);
  node.run_until(60'000);
  EXPECT_TRUE(node.reconciler_.registration().wanted);
  EXPECT_EQ(node.said().state, MemberState::kActive);
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

}  // namespace
}  // namespace promster
