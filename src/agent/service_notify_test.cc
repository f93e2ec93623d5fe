#include "agent/service_notify.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/notify_socket_for_test.h"

namespace promster {
namespace {

constexpr Duration kWatchdog{60'000};

Snapshot ready_node() {
  Snapshot node;
  node.missing.clear();
  node.targets_discovered = 20;
  node.targets_assigned = 4;
  return node;
}

Snapshot draining_node() {
  Snapshot node = ready_node();
  node.draining = true;
  node.missing = {"draining"};
  return node;
}

class ServiceNotifyTest : public testing::Test {
 protected:
  // What a service manager hears of a turn.
  std::string after(Duration passed, const Snapshot& node) {
    now_ += passed;
    notify_.turned(node, now_, log_);
    return manager_ ? manager_->next() : "nothing";
  }

  const std::string address_ = "@promster-service-notify-test-" + std::to_string(::getpid());
  Log log_{LogLevel::kError};
  SteadyTime now_ = std::chrono::steady_clock::now();
  std::optional<NotifyReader> manager_{address_};
  ServiceNotify notify_{NotifySocket(address_), kWatchdog};
};

TEST_F(ServiceNotifyTest, IsReadyOnceAfterTheFirstTurnAndSaysWhatIsMissing) {
  Snapshot node;
  node.missing = {"etcd was not reached yet", "Prometheus does not\nanswer"};
  EXPECT_EQ(after(Duration(0), node),
            "READY=1\nSTATUS=not ready: etcd was not reached yet; Prometheus does not answer\n"
            "WATCHDOG=1\n");
  EXPECT_EQ(after(Duration(1), node), "nothing");
}

TEST_F(ServiceNotifyTest, SaysAStatusWhenItChanges) {
  (void)after(Duration(0), Snapshot());
  EXPECT_EQ(after(Duration(1), ready_node()), "STATUS=ready: scrapes 4 of 20 targets\n");
  EXPECT_EQ(after(Duration(1), ready_node()), "nothing");
  Snapshot node = ready_node();
  node.degraded = {"etcd is silent"};
  EXPECT_EQ(after(Duration(1), node), "STATUS=ready: scrapes 4 of 20 targets; etcd is silent\n");
}

TEST_F(ServiceNotifyTest, TheWatchdogIsFedByTurnsWellWithinItsTime) {
  ASSERT_EQ(notify_.pulse(), Duration(15'000));
  (void)after(Duration(0), ready_node());
  EXPECT_EQ(after(Duration(7'000), ready_node()), "nothing");
  for (int turn = 0; turn < 5; ++turn) {
    EXPECT_EQ(after(*notify_.pulse(), ready_node()), "WATCHDOG=1\n");
  }
}

TEST_F(ServiceNotifyTest, AsksForMoreTimeAsLongAsItDrainsToStop) {
  (void)after(Duration(0), ready_node());
  Snapshot node = draining_node();
  node.stopping = true;
  EXPECT_EQ(after(Duration(1), node),
            "STOPPING=1\nSTATUS=draining: hands its targets over, 4 left\nWATCHDOG=1\n"
            "EXTEND_TIMEOUT_USEC=60000000\n");
  EXPECT_EQ(after(*notify_.pulse(), node), "WATCHDOG=1\nEXTEND_TIMEOUT_USEC=60000000\n");
}

// After STOPPING=1 systemd sends no SIGTERM any more, and a drained node waits for one.
TEST_F(ServiceNotifyTest, ADrainAloneIsNoStop) {
  (void)after(Duration(0), ready_node());
  Snapshot node = draining_node();
  EXPECT_EQ(after(Duration(1), node), "STATUS=draining: hands its targets over, 4 left\n");
  EXPECT_EQ(after(*notify_.pulse(), node), "WATCHDOG=1\n");
  node.drained = true;
  EXPECT_EQ(after(Duration(1), node), "STATUS=drained; waits to be stopped\n");
  EXPECT_EQ(after(*notify_.pulse(), node), "WATCHDOG=1\n");
  node.stopping = true;
  EXPECT_TRUE(after(Duration(1), node).starts_with("STOPPING=1\n"));
}

TEST_F(ServiceNotifyTest, WhatWasNotHeardIsSaidAgain) {
  manager_.reset();
  EXPECT_EQ(after(Duration(0), Snapshot()), "nothing");
  manager_.emplace(address_);
  EXPECT_EQ(after(Duration(1), ready_node()), "nothing") << "a try may take a second";
  EXPECT_EQ(after(*notify_.pulse(), ready_node()),
            "READY=1\nSTATUS=ready: scrapes 4 of 20 targets\nWATCHDOG=1\n");
  EXPECT_EQ(after(Duration(1), ready_node()), "nothing");
  manager_.reset();
  notify_.stopping(log_);
  manager_.emplace(address_);
  notify_.stopping(log_);
  EXPECT_EQ(manager_->next(), "STOPPING=1\n");
}

TEST_F(ServiceNotifyTest, WithoutAWatchdogItStillTurnsNowAndThen) {
  notify_ = ServiceNotify(NotifySocket(address_), std::nullopt);
  EXPECT_EQ(notify_.pulse(), Duration(10'000));
  EXPECT_EQ(after(Duration(0), ready_node()), "READY=1\nSTATUS=ready: scrapes 4 of 20 targets\n");
}

TEST(ServiceNotify, NobodyIsToldWithoutASocket) {
  EXPECT_EQ(ServiceNotify(NotifySocket(), kWatchdog).pulse(), std::nullopt);
}

}  // namespace
}  // namespace promster
