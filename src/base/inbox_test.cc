#include "base/inbox.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace promster {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(InboxTest, HandsOverAllThatCameInOrder) {
  Inbox<int> inbox;
  inbox.push(1);
  inbox.push(2);
  inbox.push(3);
  EXPECT_EQ(inbox.wait_until(std::nullopt), (std::vector{1, 2, 3}));
  inbox.push(4);
  EXPECT_EQ(inbox.wait_until(std::nullopt), std::vector{4});
}

TEST(InboxTest, ADeadlineEndsTheWait) {
  Inbox<int> inbox;
  const auto deadline = Clock::now() + 20ms;
  EXPECT_TRUE(inbox.wait_until(deadline).empty());
  EXPECT_GE(Clock::now(), deadline);
  EXPECT_TRUE(inbox.wait_until(Clock::now() - 1h).empty());
}

TEST(InboxTest, WhatIsThereComesEvenPastTheDeadline) {
  Inbox<int> inbox;
  inbox.push(1);
  EXPECT_EQ(inbox.wait_until(Clock::now() - 1h), std::vector{1});
}

TEST(InboxTest, APushWakesTheReader) {
  Inbox<int> inbox;
  std::jthread writer([&] { inbox.push(7); });
  EXPECT_EQ(inbox.wait_until(std::nullopt), std::vector{7});
}

TEST(InboxTest, ClosingWakesTheReaderForGood) {
  Inbox<int> inbox;
  EXPECT_FALSE(inbox.closed());
  std::jthread closer([&] { inbox.close(); });
  EXPECT_TRUE(inbox.wait_until(std::nullopt).empty());
  EXPECT_TRUE(inbox.closed());
  EXPECT_TRUE(inbox.wait_until(std::nullopt).empty());
  inbox.push(1);
  EXPECT_EQ(inbox.wait_until(std::nullopt), std::vector{1}) << "nothing that came is lost";
}

TEST(InboxTest, TakesWhatCanOnlyBeMoved) {
  Inbox<std::unique_ptr<int>> inbox;
  inbox.push(std::make_unique<int>(7));
  const auto items = inbox.wait_until(std::nullopt);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(*items[0], 7);
}

TEST(InboxTest, ManyWritersLoseNothingAndKeepTheirOrder) {
  constexpr int kWriters = 4, kItems = 5'000;
  Inbox<std::pair<int, int>> inbox;
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&inbox, writer] {
      for (int i = 0; i < kItems; ++i) inbox.push({writer, i});
    });
  }
  std::vector<int> next(kWriters);
  for (int seen = 0; seen < kWriters * kItems;) {
    for (const auto& [writer, item] : inbox.wait_until(std::nullopt)) {
      EXPECT_EQ(item, next[static_cast<std::size_t>(writer)]++);
      ++seen;
    }
  }
}

}  // namespace
}  // namespace promster
