// The follower and a real etcd that loses its data: with the times of a node in use.

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"
#include "etcd/event_reader_for_test.h"
#include "etcd/follower.h"
#include "etcd/meddling_etcd_for_test.h"

namespace promster {
namespace {

using Keys = std::map<std::string, std::string>;

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class FollowerLoss : public testing::Test {
 protected:
  FollowerLoss() : dir_(TempDir::make("follower-loss").value()) {
    auto started = EtcdServer::start({.dir = dir_.path()});
    if (!started) throw std::runtime_error(started.error().message);
    server_.emplace(std::move(started).value());
  }
  ~FollowerLoss() override { thread_.reset(); }

  std::unique_ptr<Etcd> client() {
    EtcdSettings settings;
    settings.endpoints = {server_->endpoint()};
    return make_etcd_client({.settings = settings, .report = {}, .stop = {}});
  }
  void put(const std::string& key, const std::string& value) {
    const auto done = client()->put(key, value, 0);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }
  void follow() {
    thread_.emplace([this](std::stop_token stop) {
      MeddlingEtcd etcd(client(), meddle_);
      follow_prefix(etcd, options_, inbox_, std::move(stop));
    });
    ASSERT_TRUE(events_.next<SourceWatched>());
  }
  // Everything that was put is gone; the port is the same.
  void lose_data() {
    server_->kill();
    ASSERT_EQ(events_.next<SourceLost>()->code, "unavailable");
    ASSERT_TRUE(server_->wipe().ok());
    ASSERT_TRUE(server_->restart().ok());
  }
  std::optional<SourceLost> lost_with(const std::string& code, Duration most) {
    return events_.next<SourceLost>(most,
                                    [&](const SourceLost& lost) { return lost.code == code; });
  }
  static Keys keys(const Listing& listing) {
    Keys found;
    for (const KeyValue& entry : listing.entries) found[entry.key] = entry.value;
    return found;
  }

  TempDir dir_;
  std::optional<EtcdServer> server_;
  FollowOptions options_{.prefix = "/p/", .ttl = Duration(5000)};
  MeddlingEtcd::Meddle meddle_ = [](const std::string&) {};
  Inbox<Event> inbox_;
  EventReader events_{inbox_};
  std::optional<std::jthread> thread_;
};

TEST_F(FollowerLoss, LostDataIsNoticedAtOnceAndBelievedAfterTenSeconds) {
  for (int i = 0; i < 20; ++i) put("/p/a", std::to_string(i));
  follow();
  lose_data();
  const SteadyTime start = std::chrono::steady_clock::now();
  put("/p/b", "new");
  ASSERT_TRUE(lost_with("future_revision", Duration(2000))) << "within 2 s of the first answer";
  const auto listed = events_.next<Listed>(Duration(15'000));
  ASSERT_TRUE(listed);
  EXPECT_GE(seconds_since(start), 9.0) << "not on the word of a moment";
  EXPECT_LT(seconds_since(start), 15.0);
  EXPECT_EQ(keys(listed->listing), (Keys{{"/p/b", "new"}}));
  ASSERT_TRUE(events_.next<SourceWatched>()) << "and is up again";
  put("/p/c", "");
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).key, "/p/c");
}

// By the time the follower is back, more was put than before: the revision says nothing.
TEST_F(FollowerLoss, LostDataThatWasOvertakenIsNoticedAtOnce) {
  put("/p/a", "1");
  put("/p/b", "1");
  Inbox<bool> away, back;
  meddle_ = [&, watches = 0](const std::string& operation) mutable {
    if (operation != "watch" || ++watches != 2) return;
    away.push(true);
    back.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(20));
  };
  follow();
  server_->kill();
  ASSERT_FALSE(
      away.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(10)).empty());
  ASSERT_TRUE(server_->wipe().ok());
  ASSERT_TRUE(server_->restart().ok());
  for (const char* key : {"/p/c", "/p/d", "/p/e", "/p/f"}) put(key, "new");
  const SteadyTime start = std::chrono::steady_clock::now();
  back.push(true);
  ASSERT_TRUE(lost_with("audit", Duration(5000)));
  const auto listed = events_.next<Listed>();
  ASSERT_TRUE(listed);
  EXPECT_LT(seconds_since(start), 5.0);
  EXPECT_EQ(keys(listed->listing),
            (Keys{{"/p/c", "new"}, {"/p/d", "new"}, {"/p/e", "new"}, {"/p/f", "new"}}));
  put("/p/g", "");
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).key, "/p/g");
}

// An etcd that was only restarted is asked once whether it is still the same, and that is all.
TEST_F(FollowerLoss, ARestartLosesNothing) {
  put("/p/a", "1");
  follow();
  server_->kill();
  ASSERT_TRUE(server_->restart().ok());
  ASSERT_TRUE(events_.next<SourceWatched>());
  EXPECT_EQ(events_.count<Listed>(Duration(1500)), 0);
}

}  // namespace
}  // namespace promster
