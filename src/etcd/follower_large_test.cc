// The follower and a real etcd that holds much: many keys, and values that do not fit in a message.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <thread>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"
#include "etcd/event_reader_for_test.h"
#include "etcd/follower.h"

namespace promster {
namespace {

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class FollowerLarge : public testing::Test {
 protected:
  FollowerLarge() : dir_(TempDir::make("large").value()) {
    auto started =
        EtcdServer::start({.dir = dir_.path(), .extra_args = {"--max-txn-ops", "20000"}});
    if (!started) throw std::runtime_error(started.error().message);
    server_.emplace(std::move(started).value());
  }
  ~FollowerLarge() override { thread_.reset(); }

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

  // Puts the keys /p/<first> ... in one transaction.
  void put_at_once(int first, int count) {
    const std::string path = dir_.file("txn");
    std::ofstream file(path);
    file << "\n";
    for (int i = first; i < first + count; ++i) file << "put /p/" << i << " {}\n";
    file << "\n\n";
    file.close();
    const auto ran = run_program(
        {"sh", "-c", "exec etcdctl --endpoints \"$0\" txn < \"$1\"", server_->endpoint(), path},
        Duration(30'000));
    ASSERT_TRUE(ran.ok()) << ran.error().message;
    ASSERT_EQ(ran->status.code, 0) << ran->text.substr(0, 2000);
  }

  TempDir dir_;
  std::optional<EtcdServer> server_;
  FollowOptions options_{.prefix = "/p/", .ttl = Duration(5000)};
  Inbox<Event> inbox_;
  EventReader events_{inbox_};
  std::optional<std::jthread> thread_;
};

TEST_F(FollowerLarge, LoadsAHundredThousandKeys) {
  constexpr int kCount = 100'000;
  constexpr int kAtOnce = 20'000;
  for (int i = 0; i < kCount; i += kAtOnce) ASSERT_NO_FATAL_FAILURE(put_at_once(i, kAtOnce));
  const SteadyTime start = std::chrono::steady_clock::now();
  follow();
  const auto listed = events_.next<Listed>(Duration(20'000));
  ASSERT_TRUE(listed);
  std::cout << "100,000 keys listed in " << seconds_since(start) << " s\n";
  EXPECT_LT(seconds_since(start), 5.0);
  std::set<std::string> keys;
  for (const KeyValue& entry : listed->listing.entries) keys.insert(entry.key);
  EXPECT_EQ(keys.size(), std::size_t{kCount});
  ASSERT_TRUE(client()->put("/p/one-more", "", 0).ok());
  EXPECT_EQ(events_.next<Changed>()->changes.at(0).key, "/p/one-more");
}

// 70 MB: more than one message may hold. The listing turns to smaller pages; a watch that catches
// up gets them in fragments, since it asked for that.
TEST_F(FollowerLarge, ValuesThatDoNotFitInAMessage) {
  constexpr std::size_t kCount = 70;
  const auto etcd = client();
  std::int64_t first = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto put = etcd->put("/p/" + std::to_string(i), std::string(1'000'000, 'x'), 0);
    ASSERT_TRUE(put.ok()) << put.error().message;
    if (i == 0) first = *put;
  }
  follow();
  const auto listed = events_.next<Listed>();
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->listing.entries.size(), kCount);

  const auto watch = std::move(etcd->watch({"/p/", first}, {}).value());
  for (std::size_t told = 0; told < kCount;) {
    const auto answer = watch->next();
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    for (const KeyChange& change : answer->changes) {
      EXPECT_EQ(change.key, "/p/" + std::to_string(told++));
      EXPECT_EQ(change.value->size(), 1'000'000u);
    }
  }
}

}  // namespace
}  // namespace promster
