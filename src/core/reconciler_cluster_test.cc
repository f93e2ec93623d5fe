// Whatever happens to a cluster, in whatever order its nodes hear of it: once it is quiet every
// node's file is what a fresh node would write, and until then no target that was scraped is left
// alone.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "core/virtual_cluster_for_test.h"

namespace promster {
namespace {

using namespace virtual_cluster;

constexpr Duration kQuiet = std::chrono::minutes(7);

TEST(ReconcilerCluster, ScaleUpAndDownCountsEveryTargetOnce) {
  VirtualCluster cluster(20);
  cluster.join(1);
  cluster.run(std::chrono::seconds(20), 100);
  cluster.watch_coverage_ = true;
  for (const int i : {2, 3, 4, 5}) cluster.join(i);
  cluster.run(std::chrono::minutes(2), 100);
  EXPECT_EQ(cluster.files(), cluster.fresh_files());
  for (const int i : {5, 4, 3}) cluster.leave(i);
  cluster.run(std::chrono::minutes(2), 100);
  EXPECT_EQ(cluster.files(), cluster.fresh_files());
  EXPECT_EQ(cluster.files().size(), 2u);
  EXPECT_EQ(cluster.left_alone_, Addresses{});
  for (const auto& [address, milliseconds] : cluster.miscounted_ms_) {
    // A tick each time it changed hands: in this model etcd takes that long to tell.
    EXPECT_LE(milliseconds, 4 * kTick.count()) << address;
  }
}

TEST(ReconcilerCluster, ARollingRestartLeavesNoTargetAlone) {
  VirtualCluster cluster(40);
  for (const int i : {1, 2, 3, 4, 5}) cluster.join(i);
  cluster.run(std::chrono::minutes(2), 100);
  cluster.watch_coverage_ = true;
  for (const int i : {1, 2, 3, 4, 5}) {
    cluster.leave(i);
    cluster.run(std::chrono::minutes(1), 100);
    ASSERT_EQ(cluster.files().size(), 4u);
    cluster.join(i);
    cluster.run(std::chrono::minutes(1), 100);
  }
  EXPECT_EQ(cluster.left_alone_, Addresses{});
  EXPECT_EQ(cluster.files(), cluster.fresh_files());
}

TEST(ReconcilerCluster, TheTargetsOfACrashedNodeAreCountedAtOnce) {
  VirtualCluster cluster(20);
  for (const int i : {1, 2, 3}) cluster.join(i);
  cluster.run(std::chrono::minutes(2), 100);
  cluster.crash(2);
  cluster.run(std::chrono::seconds(5), 100);
  for (int target = 1; target <= 20; ++target)
    EXPECT_EQ(cluster.times_counted(target), 1) << target;
}

TEST(ReconcilerCluster, ACrashAfterARollingRestartLosesNoTarget) {
  VirtualCluster cluster(20);
  for (const int i : {1, 2, 3, 4, 5}) cluster.join(i);
  cluster.run(std::chrono::minutes(2), 100);
  for (const int i : {1, 2, 3, 4, 5}) {
    cluster.leave(i);
    cluster.run(std::chrono::seconds(40), 100);
    cluster.join(i);
    cluster.run(std::chrono::seconds(2), 100);
  }
  cluster.run(std::chrono::seconds(40), 100);
  for (const int crashed : {3, 1, 5}) {
    cluster.crash(crashed);
    cluster.run(std::chrono::seconds(30), 100);
    EXPECT_EQ(cluster.miscounted(), (std::map<std::string, int>{})) << crashed;
    cluster.join(crashed);
    cluster.run(std::chrono::minutes(2), 100);
    EXPECT_EQ(cluster.miscounted(), (std::map<std::string, int>{})) << crashed;
  }
}

enum class Kind {
  kJoin,
  kLeave,
  kCrash,
  kRestart,
  kForget,
  kStepClock,
  kAddTarget,
  kRemoveTarget,
  kWait,
};
struct Act {
  Kind kind;
  int which;
};
std::ostream& operator<<(std::ostream& out, const Act& act) {
  return out << "act " << static_cast<int>(act.kind) << " of " << act.which;
}

rc::Gen<std::vector<Act>> some_acts(const std::vector<Kind>& kinds) {
  return rc::gen::container<std::vector<Act>>(
      rc::gen::construct<Act>(rc::gen::elementOf(kinds), rc::gen::inRange(1, 30)));
}

void perform(VirtualCluster& cluster, const Act& act) {
  const int node = act.which % 5 + 1;
  if (act.kind == Kind::kJoin) cluster.join(node);
  if (act.kind == Kind::kLeave) cluster.leave(node);
  if (act.kind == Kind::kCrash) cluster.crash(node);
  if (act.kind == Kind::kRestart) cluster.restart(node);
  if (act.kind == Kind::kForget) cluster.forget_members();
  if (act.kind == Kind::kStepClock) cluster.step_clock(node, 271.3 * (act.which - 15));
  if (act.kind == Kind::kAddTarget) cluster.add_target(act.which);
  if (act.kind == Kind::kRemoveTarget) cluster.remove_target(act.which);
}

Duration pause_after(const Act& act) {
  return act.kind == Kind::kWait ? act.which * kTick * 10 : act.which % 4 * kTick;
}

RC_GTEST_PROP(ReconcilerCluster, OnceQuietEveryFileIsThatOfAFreshNode, ()) {
  const auto acts =
      *some_acts({Kind::kJoin, Kind::kLeave, Kind::kCrash, Kind::kRestart, Kind::kForget,
                  Kind::kStepClock, Kind::kAddTarget, Kind::kRemoveTarget, Kind::kWait});
  VirtualCluster cluster(15);
  cluster.join(1);
  for (const Act& act : acts) {
    perform(cluster, act);
    // Nodes hear of few changes at a time, so that they see the cluster differently meanwhile.
    cluster.run(pause_after(act), static_cast<std::size_t>(act.which % 3));
  }
  cluster.run(kQuiet, 1000);
  RC_ASSERT(cluster.files() == cluster.fresh_files());
  RC_ASSERT(cluster.miscounted().empty());
}

// What is planned, and what the registry alone does, leaves no target without a scraper.
RC_GTEST_PROP(ReconcilerCluster, NoPlannedChangeLeavesATargetAlone, ()) {
  const auto acts =
      *some_acts({Kind::kJoin, Kind::kLeave, Kind::kRestart, Kind::kForget, Kind::kStepClock,
                  Kind::kAddTarget, Kind::kRemoveTarget, Kind::kWait});
  VirtualCluster cluster(15);
  cluster.join(1);
  cluster.run(std::chrono::seconds(20), 100);
  cluster.watch_coverage_ = true;
  for (const Act& act : acts) {
    perform(cluster, act);
    cluster.run(pause_after(act), 100);
  }
  cluster.run(std::chrono::minutes(2), 100);
  RC_ASSERT(cluster.left_alone_ == Addresses{});
  RC_ASSERT(cluster.files() == cluster.fresh_files());
  RC_ASSERT(cluster.miscounted().empty());
}

}  // namespace
}  // namespace promster
