#include "etcd/watch_assembler.h"

#include <gtest/gtest.h>

#include <string>

namespace promster {
namespace {

constexpr int kEvents = 10;

WatchMessage part(int from, int to) {
  WatchMessage message{.revision = 7,
                       .cluster_id = 3,
                       .fragment = to != kEvents,
                       .cancel_reason = {},
                       .changes = {}};
  for (int i = from; i < to; ++i) {
    message.changes.push_back({.key = std::to_string(i), .value = "v", .mod_revision = 7});
  }
  return message;
}

WatchMessage cancel() {
  return {.watch_id = 0, .canceled = true, .cancel_reason = "etcdserver: no leader", .changes = {}};
}

// Ten events in four fragments, some of them empty: fragment i holds [cuts[i], cuts[i + 1]).
void add_all(const std::vector<int>& cuts) {
  WatchAssembler assembler;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    auto answer = assembler.add(part(cuts[i], cuts[i + 1]));
    ASSERT_TRUE(answer.ok());
    const bool whole = cuts[i + 1] == kEvents;
    ASSERT_EQ(answer->has_value(), whole);
    if (!whole) continue;
    ASSERT_EQ((*answer)->changes.size(), std::size_t{kEvents});
    for (int k = 0; k < kEvents; ++k) EXPECT_EQ((*answer)->changes[k].key, std::to_string(k));
    EXPECT_EQ((*answer)->revision, 7);
    EXPECT_EQ((*answer)->cluster_id, 3u);
    return;
  }
}

TEST(WatchAssembler, PutsEverySplitTogether) {
  for (int a = 0; a <= kEvents; ++a) {
    for (int b = a; b <= kEvents; ++b) {
      for (int c = b; c <= kEvents; ++c) add_all({0, a, b, c, kEvents});
    }
  }
}

TEST(WatchAssembler, ACancelAtAnyPointLeavesNothing) {
  for (int at = 0; at < kEvents; ++at) {
    WatchAssembler assembler;
    for (int i = 0; i < at; ++i) ASSERT_FALSE(assembler.add(part(i, i + 1)).value().has_value());
    const auto answer = assembler.add(cancel());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, EtcdError::Code::kNoLeader);
  }
}

TEST(WatchAssembler, StartsAfreshAfterAWholeAnswer) {
  WatchAssembler assembler;
  ASSERT_TRUE(assembler.add(part(0, kEvents)).value().has_value());
  const auto second = assembler.add(part(5, kEvents));
  EXPECT_EQ(second.value()->changes.size(), 5u);
}

TEST(WatchAssembler, ACompactionIsAnErrorOfItsOwn) {
  WatchMessage message = cancel();
  message.compact_revision = 12;
  const auto answer = WatchAssembler().add(message);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, EtcdError::Code::kCompacted);
  EXPECT_EQ(answer.error().compact_revision, 12);
}

// etcd before 3.4.25 may send it ahead of events that it has not sent yet.
TEST(WatchAssembler, ProgressThatWasAskedForSaysNothing) {
  WatchMessage progress = part(0, 0);
  progress.fragment = false;
  progress.watch_id = -1;
  EXPECT_FALSE(WatchAssembler().add(progress).value().has_value());
}

TEST(WatchAssembler, FragmentsHaveALimit) {
  WatchAssembler assembler(1000);
  for (int i = 0; i < 1000; ++i) {
    const auto answer = assembler.add(part(0, 1));
    if (answer) continue;
    EXPECT_EQ(answer.error().code, EtcdError::Code::kTooLarge);
    EXPECT_GT(i, 2);
    return;
  }
  FAIL() << "fragments grew without end";
}

}  // namespace
}  // namespace promster
