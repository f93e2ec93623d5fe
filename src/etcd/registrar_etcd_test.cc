// The registrar and a real etcd: revoked leases, kills, pauses, several endpoints.

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <thread>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"
#include "etcd/etcdctl_for_test.h"
#include "etcd/event_reader_for_test.h"
#include "etcd/registrar.h"

namespace promster {
namespace {

constexpr const char* kKey = "/registry/level1/10.0.0.1:9090";

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class RegistrarEtcd : public testing::Test {
 protected:
  RegistrarEtcd() : dir_(TempDir::make("registrar").value()) {
    auto started = EtcdServer::start({.dir = dir_.path()});
    if (!started) throw std::runtime_error(started.error().message);
    server_.emplace(std::move(started).value());
    settings_.endpoints = {server_->endpoint()};
  }
  ~RegistrarEtcd() override { thread_.reset(); }

  void start_registered(Duration ttl) {
    options_.ttl = ttl;
    thread_.emplace([this](std::stop_token stop) {
      const auto etcd =
          make_etcd_client({.settings = settings_, .seed = seed_, .report = {}, .stop = stop});
      keep_registered(*etcd, options_, wishes_, inbox_, std::move(stop));
    });
    wishes_.push({.registered = true, .value = "v1"});
    const auto registered = next_new(Duration(10'000));
    ASSERT_TRUE(registered);
    EXPECT_EQ(registered->ttl, std::max(ttl, Duration(2000)));
  }

  // A new lease, not a keep-alive.
  std::optional<Registered> next_new(Duration most) {
    return events_.next<Registered>(most, [](const Registered& r) { return !r.renewed; });
  }
  std::optional<Registered> next_renewed(Duration most) {
    return events_.next<Registered>(most, [](const Registered& r) { return r.renewed; });
  }

  // What etcd itself says, as hexadecimal.
  std::string only_lease() {
    const std::string text = etcdctl(server_->endpoint(), {"lease", "list"});
    const std::size_t start = text.find('\n') + 1;
    return text.substr(start, text.find('\n', start) - start);
  }
  std::string value() {
    const std::string text = etcdctl(server_->endpoint(), {"get", "--print-value-only", kKey});
    return text.substr(0, text.find('\n'));
  }

  TempDir dir_;
  std::optional<EtcdServer> server_;
  EtcdSettings settings_;
  std::uint64_t seed_ = 0;
  RegistrarOptions options_{.key = kKey};
  Inbox<RegistrationWish> wishes_;
  Inbox<Event> inbox_;
  EventReader events_{inbox_};
  std::optional<std::jthread> thread_;
};

TEST_F(RegistrarEtcd, OutlivesItsLeaseAndGoesWithAStop) {
  start_registered(Duration(1000));
  const SteadyTime start = std::chrono::steady_clock::now();
  while (seconds_since(start) < 3.0) ASSERT_TRUE(next_renewed(Duration(1500)));
  EXPECT_EQ(value(), "v1");
  const SteadyTime stop = std::chrono::steady_clock::now();
  thread_.reset();
  EXPECT_LT(seconds_since(stop), 1.0);
  EXPECT_EQ(value(), "");
}

TEST_F(RegistrarEtcd, ALeaseThatIsRevokedIsReplaced) {
  start_registered(Duration(4000));
  for (int i = 0; i < 2; ++i) {
    etcdctl(server_->endpoint(), {"lease", "revoke", only_lease()});
    const SteadyTime start = std::chrono::steady_clock::now();
    ASSERT_TRUE(next_new(Duration(5000)));
    EXPECT_LT(seconds_since(start), 1.5) << "at the next keep-alive, if nobody tells us before";
    EXPECT_EQ(value(), "v1");
  }
  // Who watches the key may tell us: then it is back at once.
  etcdctl(server_->endpoint(), {"lease", "revoke", only_lease()});
  const SteadyTime start = std::chrono::steady_clock::now();
  wishes_.push({.registered = true, .value = "v1", .again = true});
  ASSERT_TRUE(next_new(Duration(5000)));
  EXPECT_LT(seconds_since(start), 0.5);
}

// The original opened a connection for each lease and closed none.
TEST_F(RegistrarEtcd, ManyLeasesTakeNoMoreConnections) {
  const auto open_files = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  start_registered(Duration(4000));
  const auto before = open_files();
  for (int i = 0; i < 10; ++i) {
    etcdctl(server_->endpoint(), {"lease", "revoke", only_lease()});
    wishes_.push({.registered = true, .value = "v1", .again = true});
    ASSERT_TRUE(next_new(Duration(5000)));
  }
  EXPECT_LE(open_files(), before);
}

TEST_F(RegistrarEtcd, AnEtcdThatIsKilledAndRestarted) {
  start_registered(Duration(2000));
  const std::string lease = only_lease();
  server_->kill();
  const auto lost = events_.next<RegistrationLost>();
  ASSERT_TRUE(lost);
  EXPECT_FALSE(lost->withdrawn);
  ASSERT_TRUE(server_->restart().ok());
  const SteadyTime start = std::chrono::steady_clock::now();
  ASSERT_TRUE(next_new(Duration(10'000)));
  EXPECT_LT(seconds_since(start), 2.0);
  EXPECT_EQ(value(), "v1");
}

TEST_F(RegistrarEtcd, APauseShorterThanTheLeaseCostsNothing) {
  start_registered(Duration(4000));
  const std::string lease = only_lease();
  ASSERT_TRUE(next_renewed(Duration(3000)));
  server_->pause();
  EXPECT_EQ(events_.count<RegistrationLost>(Duration(2500)), 0);
  server_->resume();
  ASSERT_TRUE(next_renewed(Duration(3000)));
  EXPECT_EQ(only_lease(), lease);
  EXPECT_EQ(value(), "v1");
}

TEST_F(RegistrarEtcd, APauseLongerThanTheLeaseIsALossThatIsMended) {
  start_registered(Duration(2000));
  server_->pause();
  ASSERT_TRUE(events_.next<RegistrationLost>());
  EXPECT_EQ(events_.count<Registered>(Duration(500)), 0);
  server_->resume();
  const SteadyTime start = std::chrono::steady_clock::now();
  ASSERT_TRUE(next_new(Duration(10'000)));
  EXPECT_LT(seconds_since(start), 3.0);
  EXPECT_EQ(value(), "v1");
}

TEST_F(RegistrarEtcd, ADeadFirstEndpointIsNoHindrance) {
  settings_.endpoints.push_back("http://" + reserve_port().value().address());
  settings_.endpoints.push_back("http://" + reserve_port().value().address());
  for (seed_ = 0; seed_ < 3; ++seed_) {
    const SteadyTime start = std::chrono::steady_clock::now();
    start_registered(Duration(5000));
    EXPECT_LT(seconds_since(start), 3.0);
    thread_.reset();
    ASSERT_TRUE(events_.next<RegistrationLost>()->withdrawn);
  }
}

}  // namespace
}  // namespace promster
