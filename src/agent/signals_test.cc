#include "agent/signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace promster {
namespace {

TEST(Signals, BecomeEvents) {
  block_signals();
  Inbox<Event> inbox;
  std::jthread watcher([&](std::stop_token stop) { watch_signals(inbox, std::move(stop)); });
  ::kill(::getpid(), SIGHUP);
  auto events = inbox.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<RefreshAsked>(events[0]));
  ::kill(::getpid(), SIGUSR1);
  events = inbox.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<RemovalConfirmed>(events[0]));
  ::kill(::getpid(), SIGTERM);
  events = inbox.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(10));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<StopAsked>(events[0]));
}

TEST(Signals, AStopEndsTheWatch) {
  block_signals();
  Inbox<Event> inbox;
  std::jthread watcher([&](std::stop_token stop) { watch_signals(inbox, std::move(stop)); });
  watcher.request_stop();
  watcher.join();
  EXPECT_TRUE(inbox.wait_until(std::chrono::steady_clock::now()).empty());
}

}  // namespace
}  // namespace promster
