// The client and a cluster of three real etcds: members without quorum, members that are paused.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "etcd/etcdctl_for_test.h"
#include "etcd/retry_pause.h"

namespace promster {
namespace {

using Code = EtcdError::Code;

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class ClientCluster : public testing::Test {
 protected:
  ClientCluster() : dir_(TempDir::make("cluster").value()) {
    auto started = EtcdServer::start_cluster({.dir = dir_.path()}, 3);
    if (!started) throw std::runtime_error(started.error().message);
    members_ = std::move(started).value();
    // The leader last.
    std::ranges::stable_partition(members_, [this](const EtcdServer& m) { return !leads(m); });
  }

  static bool leads(const EtcdServer& member) {
    // ENDPOINT, ID, VERSION, DB SIZE, IS LEADER, ...
    const std::string status = etcdctl(member.endpoint(), {"endpoint", "status"});
    std::size_t at = 0;
    for (int comma = 0; comma < 4; ++comma) at = status.find(',', at) + 1;
    return status.substr(at).starts_with(" true");
  }

  static std::unique_ptr<Etcd> client(const std::vector<std::string>& endpoints,
                                      std::uint64_t seed = 0) {
    EtcdSettings settings;
    settings.endpoints = endpoints;
    settings.dial_timeout = Duration(500);
    return make_etcd_client({.settings = settings, .seed = seed, .report = {}, .stop = {}});
  }

  TempDir dir_;
  std::vector<EtcdServer> members_;
};

// Without the require-leader metadata this watch would stay open, and silent.
TEST_F(ClientCluster, AWatchOnAMemberWithoutQuorumEnds) {
  const auto etcd = client({members_[0].endpoint()});
  const auto lease = etcd->grant(Duration(60'000));
  const auto watch = std::move(etcd->watch({"/a/", 0}, {}).value());
  ASSERT_TRUE(watch->next()->created);
  members_[1].kill();
  members_[2].kill();
  const SteadyTime start = std::chrono::steady_clock::now();
  const auto ended = watch->next();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, Code::kNoLeader) << ended.error().message;
  EXPECT_LT(seconds_since(start), 8.0);
  EXPECT_EQ(etcd->watch({"/a/", 0}, {}).error().code, Code::kNoLeader);
  EXPECT_FALSE(etcd->keep_alive(lease->id, Duration(1000)).ok());

  ASSERT_TRUE(members_[1].restart().ok());
  const auto back = wait_for("a leader", Duration(8'000),
                             [&] { return etcd->keep_alive(lease->id, Duration(1000)).ok(); });
  EXPECT_TRUE(back.ok()) << back.error().message;
  EXPECT_TRUE(etcd->watch({"/a/", 0}, {}).ok());
}

// A member that is paused keeps its connections and answers nothing.
TEST_F(ClientCluster, AKeepAliveFindsAnotherMember) {
  constexpr Duration kWithin{500};
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const auto etcd = client({members_[0].endpoint(), members_[1].endpoint()}, seed);
    const auto lease = etcd->grant(Duration(10'000));
    ASSERT_TRUE(lease.ok()) << lease.error().message;
    ASSERT_TRUE(etcd->keep_alive(lease->id, kWithin).ok());
    EtcdServer& paused = members_[seed % 2];
    paused.pause();
    for (int i = 0; i < 2; ++i) {
      const SteadyTime start = std::chrono::steady_clock::now();
      const auto left = etcd->keep_alive(lease->id, kWithin);
      EXPECT_TRUE(left.ok()) << left.error().message;
      EXPECT_LT(seconds_since(start), 2.0);
    }
    paused.resume();
  }
}

// Another call has left the endpoint that died; the old stream must not drive us back to it.
TEST_F(ClientCluster, AKeepAliveGoesWhereOtherCallsWent) {
  const auto etcd = client({members_[0].endpoint(), members_[1].endpoint()});
  const auto lease = etcd->grant(Duration(60'000));
  for (EtcdServer* dies : {&members_[0], &members_[1]}) {
    ASSERT_TRUE(etcd->keep_alive(lease->id, Duration(2000)).ok());
    dies->kill();
    ASSERT_TRUE(etcd->range({.prefix = "/a/", .start_key = {}}).ok());
    const auto left = etcd->keep_alive(lease->id, Duration(2000));
    EXPECT_TRUE(left.ok()) << left.error().message;
    ASSERT_TRUE(dies->restart().ok());
  }
}

TEST_F(ClientCluster, TheDeathOfTheLeaderIsOutlasted) {
  const auto etcd =
      client({members_[0].endpoint(), members_[1].endpoint(), members_[2].endpoint()});
  const auto lease = etcd->grant(Duration(10'000));
  ASSERT_TRUE(etcd->put("/a/key", "1", lease->id).ok());
  members_[2].kill();
  const auto back = wait_for("a new leader", Duration(10'000),
                             [&] { return etcd->keep_alive(lease->id, Duration(1000)).ok(); });
  EXPECT_TRUE(back.ok()) << back.error().message;
  const auto read = etcd->range({.prefix = "/a/", .start_key = {}});
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->entries.size(), 1u);
}

}  // namespace
}  // namespace promster
