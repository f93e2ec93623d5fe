// The follower over FakeEtcd: what an etcd that loses events, or all of its data, cannot hide.

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "etcd/event_reader_for_test.h"
#include "etcd/fake_etcd.h"
#include "etcd/follower.h"
#include "etcd/meddling_etcd_for_test.h"

namespace promster {
namespace {

using Code = EtcdError::Code;
using Keys = std::map<std::string, std::string>;

class FollowerAudit : public testing::Test {
 protected:
  ~FollowerAudit() override { thread_.reset(); }

  void follow() {
    thread_.emplace([this](std::stop_token stop) {
      MeddlingEtcd etcd(
          fake_.connect(), [](const std::string&) {}, before_range_);
      follow_prefix(etcd, options_, inbox_, std::move(stop));
    });
    ASSERT_TRUE(events_.next<SourceWatched>());
  }

  void put(const std::string& key, const std::string& value) {
    fake_.on_store([&](FakeStore& store) { ASSERT_TRUE(store.put(key, value, 0).ok()); });
  }
  void store(const FakeEtcd::Job& job) { fake_.on_store(job); }
  int ranges() {
    int count = 0;
    fake_.on_store([&](FakeStore& store) { count = store.calls("range"); });
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
                         .believe_after = Duration(300),
                         .audit_every = Duration(200),
                         .audit_again = Duration(50)};
  MeddlingEtcd::Meddle before_range_;
  Inbox<Event> inbox_;
  EventReader events_{inbox_};
  std::optional<std::jthread> thread_;
};

TEST_F(FollowerAudit, FindsNothingWhereNothingIsLost) {
  put("/p/a", "1");
  put("/q/a", "1");
  follow();
  const int before = ranges();
  for (int i = 0; i < 50; ++i) {
    put("/p/" + std::to_string(i % 7), "v");
    put("/elsewhere", "v");
    store([i](FakeStore& s) { s.erase("/p/" + std::to_string(i % 5)); });
    events_.count<Changed>(Duration(20));
  }
  EXPECT_GE(ranges() - before, 3) << "it looked";
  EXPECT_EQ(events_.count<SourceLost>(Duration(1)), 0);
}

TEST_F(FollowerAudit, APutThatWasNotToldIsFound) {
  put("/p/a", "1");
  follow();
  store([](FakeStore& s) {
    s.drop_events(1);
    ASSERT_TRUE(s.put("/p/b", "2", 0).ok());
  });
  EXPECT_EQ(events_.next<SourceLost>()->code, "audit");
  EXPECT_EQ(keys(events_.next<Listed>()->listing), (Keys{{"/p/a", "1"}, {"/p/b", "2"}}));
  ASSERT_TRUE(events_.next<SourceWatched>()) << "and it is up again";
  put("/p/c", "3");
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).key, "/p/c");
  EXPECT_EQ(events_.count<SourceLost>(Duration(600)), 0) << "once is enough";
}

TEST_F(FollowerAudit, ADeletionThatWasNotToldIsFound) {
  put("/p/a", "1");
  put("/p/b", "2");
  follow();
  store([](FakeStore& s) {
    s.drop_events(1);
    s.erase("/p/a");
  });
  const auto lost = events_.next<SourceLost>();
  EXPECT_EQ(lost->code, "audit");
  EXPECT_EQ(lost->reason, "audit: etcd has 1 keys, the newest of 3; the watch told of 2, 3");
  EXPECT_EQ(keys(events_.next<Listed>()->listing), (Keys{{"/p/b", "2"}}));
}

TEST_F(FollowerAudit, ANewValueThatWasNotToldIsFound) {
  put("/p/a", "1");
  follow();
  store([](FakeStore& s) {
    s.drop_events(1);
    ASSERT_TRUE(s.put("/p/a", "2", 0).ok());
  });
  EXPECT_EQ(events_.next<SourceLost>()->code, "audit");
  EXPECT_EQ(keys(events_.next<Listed>()->listing), (Keys{{"/p/a", "2"}}));
}

// What is lost is found under a stream of changes, too, and found once: what is on its way is not
// taken for lost.
TEST_F(FollowerAudit, ALossIsFoundAmongOtherChanges) {
  put("/p/lost", "1");
  follow();
  store([](FakeStore& s) {
    s.drop_events(1);
    s.erase("/p/lost");
  });
  std::jthread writer([this](const std::stop_token& stop) {
    for (int i = 0; i < 5000 && !stop.stop_requested(); ++i) {
      fake_.on_store([&](FakeStore& s) { (void)s.put("/p/" + std::to_string(i % 9), "v", 0); });
      std::this_thread::sleep_for(Duration(1));
    }
  });
  EXPECT_EQ(events_.next<SourceLost>()->code, "audit");
  EXPECT_FALSE(keys(events_.next<Listed>()->listing).contains("/p/lost"));
  EXPECT_EQ(events_.count<SourceLost>(Duration(1000)), 0);
}

// etcd's answer knows of more than the watch has told by then, each time.
TEST_F(FollowerAudit, WhatIsOnItsWayIsNotLost) {
  put("/p/a", "1");
  int changed = 0;  // by the follower's thread only, until it has ended
  before_range_ = [this, &changed](const std::string&) {
    ++changed;
    store([](FakeStore& s) { ASSERT_TRUE(s.put("/p/a", "again", 0).ok()); });
  };
  options_.audit_every = Duration(50);
  follow();
  EXPECT_EQ(events_.count<SourceLost>(Duration(1000)), 0);
  thread_.reset();
  EXPECT_GT(changed, 10);
}

TEST_F(FollowerAudit, AnEtcdThatDoesNotAnswerSaysNothing) {
  put("/p/a", "1");
  follow();
  store([](FakeStore& s) { s.fail_next("range", 2, {Code::kUnavailable, "gone"}); });
  EXPECT_EQ(events_.count<SourceLost>(Duration(800)), 0);
  EXPECT_GE(ranges(), 4) << "and is asked again";
}

TEST_F(FollowerAudit, APermissionThatWasTakenAwayShows) {
  put("/p/a", "1");
  follow();
  store([](FakeStore& s) { s.fail_next("range", 1, {Code::kPermissionDenied, "denied"}); });
  EXPECT_EQ(events_.next<SourceLost>()->code, "permission_denied");
}

// Wiped, and written again beyond where it was: neither revision nor cluster id tell.
TEST_F(FollowerAudit, DataThatWasLostAndPutAgainIsFoundAfterTheNextWatch) {
  options_.audit_every = std::chrono::hours(1);
  put("/p/a", "1");
  follow();
  store([](FakeStore& s) {
    s.lose_data();
    for (const char* key : {"/p/b", "/p/c", "/p/d"}) ASSERT_TRUE(s.put(key, "new", 0).ok());
  });
  ASSERT_TRUE(events_.next<SourceLost>(
      Duration(5000), [](const SourceLost& lost) { return lost.code == "audit"; }));
  EXPECT_EQ(keys(events_.next<Listed>()->listing),
            (Keys{{"/p/b", "new"}, {"/p/c", "new"}, {"/p/d", "new"}}));
}

// A single low answer is one of a member that is behind.
TEST_F(FollowerAudit, AnotherClusterIsBelievedOnlyAfterAWhile) {
  for (int i = 0; i < 10; ++i) put("/p/a", std::to_string(i));
  options_.audit_every = std::chrono::hours(1);
  follow();
  const SteadyTime start = std::chrono::steady_clock::now();
  store([](FakeStore& s) {
    s.become_another_cluster();
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(s.put("/p/b", "other", 0).ok());
  });
  const auto lost = events_.next<SourceLost>(
      Duration(5000), [](const SourceLost& one) { return one.code == "future_revision"; });
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->reason, "this is another cluster than was listed");
  const auto listed = events_.next<Listed>();
  ASSERT_TRUE(listed);
  EXPECT_EQ(keys(listed->listing), (Keys{{"/p/b", "other"}}));
  EXPECT_NE(listed->cluster_id, FakeStore::kClusterId);
  EXPECT_GE(std::chrono::steady_clock::now() - start, options_.believe_after);
  ASSERT_TRUE(events_.next<SourceWatched>());
  put("/p/c", "");
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).key, "/p/c");
}

}  // namespace
}  // namespace promster
