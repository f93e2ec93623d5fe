// The follower and a real etcd: kills, pauses, compaction, lost data.

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"
#include "etcd/etcdctl_for_test.h"
#include "etcd/event_reader_for_test.h"
#include "etcd/follower.h"

namespace promster {
namespace {

using Keys = std::map<std::string, std::string>;

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class FollowerEtcd : public testing::Test {
 protected:
  FollowerEtcd() : dir_(TempDir::make("follower").value()) {
    auto started = EtcdServer::start({.dir = dir_.path()});
    if (!started) throw std::runtime_error(started.error().message);
    server_.emplace(std::move(started).value());
    etcd_ = client();
  }
  ~FollowerEtcd() override { thread_.reset(); }

  std::unique_ptr<Etcd> client() {
    EtcdSettings settings;
    settings.endpoints = {server_->endpoint()};
    return make_etcd_client({.settings = settings, .report = {}, .stop = {}});
  }

  void follow() {
    thread_.emplace([this](std::stop_token stop) {
      follow_prefix(*client(), options_, inbox_, std::move(stop));
    });
  }

  void put(const std::string& key, const std::string& value) {
    const auto done = etcd_->put(key, value, 0);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  static Keys keys(const Listing& listing) {
    Keys found;
    for (const KeyValue& entry : listing.entries) found[entry.key] = entry.value;
    return found;
  }

  TempDir dir_;
  std::optional<EtcdServer> server_;
  std::unique_ptr<Etcd> etcd_;
  FollowOptions options_{.prefix = "/p/", .ttl = Duration(5000), .believe_after = Duration(1000)};
  Inbox<Event> inbox_;
  EventReader events_{inbox_};
  std::optional<std::jthread> thread_;
};

TEST_F(FollowerEtcd, AnEtcdThatIsKilledAndRestarted) {
  put("/p/a", "1");
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  server_->kill();
  EXPECT_EQ(events_.next<SourceLost>()->code, "unavailable");
  ASSERT_TRUE(server_->restart().ok());
  const SteadyTime start = std::chrono::steady_clock::now();
  put("/p/b", "2");
  const auto changed = events_.next<Changed>();
  ASSERT_TRUE(changed);
  EXPECT_LT(seconds_since(start), 2.0);
  EXPECT_EQ(changed->changes.at(0).key, "/p/b");
  EXPECT_EQ(events_.count<Listed>(Duration(10)), 0) << "it went on where it was";
}

TEST_F(FollowerEtcd, APauseLosesNothing) {
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  server_->pause();
  EXPECT_EQ(events_.count<SourceLost>(Duration(1500)), 0);
  server_->resume();
  put("/p/a", "1");
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).key, "/p/a");
}

TEST_F(FollowerEtcd, HistoryThatIsCompactedIsListed) {
  put("/p/a", "1");
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  server_->stop();
  ASSERT_TRUE(events_.next<SourceLost>());
  // A follower that has not seen history go: a new one has not either.
  thread_.reset();
  ASSERT_TRUE(server_->restart().ok());
  put("/p/b", "2");
  const auto last = etcd_->put("/p/b", "3", 0);
  etcdctl(server_->endpoint(), {"compaction", std::to_string(*last)});
  follow();
  EXPECT_EQ(keys(events_.next<Listed>()->listing), (Keys{{"/p/a", "1"}, {"/p/b", "3"}}));
}

// The data directory is lost. Cluster id and member id stay the same; only the revision tells.
TEST_F(FollowerEtcd, AWipedEtcdIsNoticed) {
  for (int i = 0; i < 20; ++i) put("/p/a", std::to_string(i));
  follow();
  ASSERT_TRUE(events_.next<SourceWatched>());
  server_->kill();
  ASSERT_TRUE(server_->wipe().ok());
  ASSERT_TRUE(server_->restart().ok());
  put("/p/b", "new");
  ASSERT_TRUE(events_.next<SourceLost>(
      Duration(5000), [](const SourceLost& lost) { return lost.code == "future_revision"; }));
  const auto listed = events_.next<Listed>();
  ASSERT_TRUE(listed);
  EXPECT_EQ(keys(listed->listing), (Keys{{"/p/b", "new"}}));
  put("/p/c", "");
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).key, "/p/c");
}

}  // namespace
}  // namespace promster
