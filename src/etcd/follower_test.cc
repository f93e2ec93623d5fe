// The follower over FakeEtcd: what it does when etcd fails.

#include "etcd/follower.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "etcd/event_reader_for_test.h"
#include "etcd/fake_etcd.h"
#include "etcd/meddling_etcd_for_test.h"

namespace promster {
namespace {

using Code = EtcdError::Code;
using Keys = std::map<std::string, std::string>;

class FollowerTest : public testing::Test {
 protected:
  ~FollowerTest() override { thread_.reset(); }

  void follow(std::int64_t page = 1000) {
    options_.page = page;
    thread_.emplace([this](std::stop_token stop) {
      MeddlingEtcd etcd(fake_.connect(), meddle_);
      follow_prefix(etcd, options_, inbox_, std::move(stop));
    });
  }

  void put(const std::string& key, const std::string& value) {
    fake_.on_store([&](FakeStore& store) { ASSERT_TRUE(store.put(key, value, 0).ok()); });
  }
  void store(const FakeEtcd::Job& job) { fake_.on_store(job); }

  int calls(const std::string& operation) {
    int count = 0;
    fake_.on_store([&](FakeStore& store) { count = store.calls(operation); });
    return count;
  }

  static Keys keys(const Listing& listing) {
    Keys found;
    for (const KeyValue& entry : listing.entries) found[entry.key] = entry.value;
    return found;
  }

  FakeEtcd fake_;
  FollowOptions options_{.source = Source::kMembers,
                         .prefix = "/p/",
                         .ttl = Duration(1000),
                         .believe_after = Duration(300)};
  MeddlingEtcd::Meddle meddle_ = [](const std::string&) {};
  Inbox<Event> inbox_;
  EventReader events_{inbox_};
  std::optional<std::jthread> thread_;
};

TEST_F(FollowerTest, ListsThenWatches) {
  put("/p/a", "1");
  put("/q/b", "1");
  follow();
  const auto listed = events_.next<Listed>();
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->source, Source::kMembers);
  EXPECT_EQ(keys(listed->listing), (Keys{{"/p/a", "1"}}));
  EXPECT_EQ(listed->listing.revision, 3);
  EXPECT_EQ(listed->cluster_id, FakeStore::kClusterId);
  EXPECT_EQ(events_.next<SourceWatched>()->revision, 3);
  put("/p/b", "2");
  store([](FakeStore& s) { s.erase("/p/a"); });
  auto changed = events_.next<Changed>();
  EXPECT_EQ(changed->source, Source::kMembers);
  EXPECT_EQ(changed->revision, 4);
  EXPECT_EQ(changed->changes.at(0).value, "2");
  changed = events_.next<Changed>();
  EXPECT_EQ(changed->changes.at(0).key, "/p/a");
  EXPECT_EQ(changed->changes.at(0).value, std::nullopt);
}

TEST_F(FollowerTest, AnEmptyPrefixIsListedToo) {
  follow();
  EXPECT_TRUE(events_.next<Listed>()->listing.entries.empty());
}

TEST_F(FollowerTest, PagesMakeOneListing) {
  Keys expected;
  for (int i = 0; i < 25; ++i) {
    const std::string key = "/p/" + std::to_string(i);
    put(key, "v");
    expected[key] = "v";
  }
  follow(10);
  const auto listed = events_.next<Listed>();
  EXPECT_EQ(keys(listed->listing), expected);
  EXPECT_EQ(calls("range"), 3);
}

// What changes while pages are read comes from the watch, not half from the later pages.
TEST_F(FollowerTest, PagesAreOfOneRevision) {
  for (int i = 0; i < 9; ++i) put("/p/" + std::to_string(i), "old");
  meddle_ = [this](const std::string& operation) {
    if (operation == "range") put("/p/8", "new");
  };
  follow(3);
  const auto listed = events_.next<Listed>();
  EXPECT_EQ(listed->listing.entries.size(), 9u);
  EXPECT_EQ(listed->listing.entries.back().value, "old");
  EXPECT_EQ(listed->listing.revision, 10);
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).mod_revision, 11);
}

TEST_F(FollowerTest, PagesThatAreTooLargeAreAskedForSmaller) {
  for (int i = 0; i < 20; ++i) put("/p/" + std::to_string(i), "v");
  store([](FakeStore& s) { s.fail_next("range", 2, {Code::kTooLarge, "too large"}); });
  follow(160);
  EXPECT_EQ(events_.next<Listed>()->listing.entries.size(), 20u);
  EXPECT_EQ(calls("range"), 4) << "two refused, then two of ten keys";
}

// Each page in turn finds its revision compacted.
TEST_F(FollowerTest, ACompactionWhileListingListsAgain) {
  for (int i = 0; i < 25; ++i) put("/p/" + std::to_string(i), "v");
  store([](FakeStore& s) { s.fail_next("range", 3, {Code::kCompacted, "compacted", 9}); });
  follow(10);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(events_.next<SourceLost>()->code, "compacted");
  EXPECT_EQ(events_.next<Listed>()->listing.entries.size(), 25u);
}

TEST_F(FollowerTest, AWatchThatIsCutGoesOnWhereItEnded) {
  put("/p/a", "1");
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  put("/p/b", "2");
  ASSERT_TRUE(events_.next<Changed>());
  store([](FakeStore& s) {
    s.cut_watches({Code::kNoLeader, "no leader"});
    ASSERT_TRUE(s.put("/p/c", "3", 0).ok());
  });
  const auto lost = events_.next<SourceLost>();
  EXPECT_EQ(lost->code, "no_leader");
  EXPECT_EQ(lost->reason, "no leader");
  ASSERT_TRUE(events_.next<SourceWatched>());
  const auto changed = events_.next<Changed>();
  EXPECT_EQ(changed->changes.size(), 1u) << "only what is new";
  EXPECT_EQ(changed->changes[0].key, "/p/c");
  EXPECT_EQ(calls("range"), 1);
}

TEST_F(FollowerTest, ACompactedWatchListsAgain) {
  put("/p/a", "1");
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  store([](FakeStore& s) {
    s.cut_watches({Code::kUnavailable, "gone"});
    ASSERT_TRUE(s.put("/p/b", "2", 0).ok());
    ASSERT_TRUE(s.put("/p/b", "3", 0).ok());
    s.compact(s.revision());
  });
  ASSERT_TRUE(events_.next<SourceLost>(
      Duration(5000), [](const SourceLost& lost) { return lost.code == "compacted"; }));
  const auto listed = events_.next<Listed>();
  EXPECT_EQ(keys(listed->listing), (Keys{{"/p/a", "1"}, {"/p/b", "3"}}));
}

// Progress lets a quiet watch survive the compaction of what it has seen.
TEST_F(FollowerTest, ProgressCounts) {
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  store([](FakeStore& s) {
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(s.put("/elsewhere", "", 0).ok());
    s.notify_progress();
    s.compact(s.revision());
    s.cut_watches({Code::kUnavailable, "gone"});
  });
  ASSERT_TRUE(events_.next<SourceWatched>());
  put("/p/a", "");
  ASSERT_TRUE(events_.next<Changed>());
  EXPECT_EQ(calls("range"), 1);
}

TEST_F(FollowerTest, WhatWasToldIsNotToldAgain) {
  put("/p/a", "1");
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  put("/p/b", "2");
  put("/p/c", "3");
  store([](FakeStore& s) { s.repeat_events(0); });
  put("/p/d", "4");
  std::vector<std::string> told;
  while (told.empty() || told.back() != "/p/d") {
    const auto changed = events_.next<Changed>();
    ASSERT_TRUE(changed);
    for (const KeyChange& change : changed->changes) told.push_back(change.key);
  }
  EXPECT_EQ(told, (std::vector<std::string>{"/p/b", "/p/c", "/p/d"}));
}

TEST_F(FollowerTest, AnOutageIsToldAndOutlasted) {
  store([](FakeStore& s) { s.fail_next("range", 4, {Code::kUnavailable, "connection refused"}); });
  follow();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(events_.next<SourceLost>()->code, "unavailable");
  EXPECT_TRUE(events_.next<Listed>());
}

// With a pause between tries that is never more than a fifth of the lease.
TEST_F(FollowerTest, TriesAreSpacedButNotFarApart) {
  store([](FakeStore& s) { s.fail_next("watch", 1'000'000, {Code::kUnavailable, "gone"}); });
  follow();
  ASSERT_TRUE(events_.next<Listed>());
  const int tries = events_.count<SourceLost>(Duration(2000));
  EXPECT_GE(tries, 2000 / 200) << "at most 200 ms each";
  EXPECT_LE(tries, 100);
}

// A wiped etcd: a watch from the old revision on would be silent for ever.
TEST_F(FollowerTest, AWipedEtcdIsNoticedAndInTheEndBelieved) {
  for (int i = 0; i < 20; ++i) put("/p/a", std::to_string(i));
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  const SteadyTime start = std::chrono::steady_clock::now();
  store([](FakeStore& s) {
    s.lose_data();
    ASSERT_TRUE(s.put("/p/b", "new", 0).ok());
  });
  ASSERT_TRUE(events_.next<SourceLost>(
      Duration(5000), [](const SourceLost& lost) { return lost.code == "future_revision"; }));
  const auto listed = events_.next<Listed>();
  ASSERT_TRUE(listed);
  EXPECT_EQ(keys(listed->listing), (Keys{{"/p/b", "new"}}));
  EXPECT_GE(std::chrono::steady_clock::now() - start, options_.believe_after);
  ASSERT_TRUE(events_.next<SourceWatched>());
  put("/p/c", "");
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).key, "/p/c");
}

TEST_F(FollowerTest, AStopEndsIt) {
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  const SteadyTime start = std::chrono::steady_clock::now();
  thread_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  EXPECT_EQ(events_.count<SourceLost>(Duration(10)), 0) << "a stop is no loss";
}

TEST_F(FollowerTest, AStopEndsALongPause) {
  store([](FakeStore& s) { s.fail_next("range", 1, {Code::kPermissionDenied, "denied"}); });
  follow();
  ASSERT_TRUE(events_.next<SourceLost>());
  const SteadyTime start = std::chrono::steady_clock::now();
  thread_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

}  // namespace
}  // namespace promster
