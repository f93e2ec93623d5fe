// The client and real etcds: endpoints that are dead or silent, restarts, stops.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "etcd/client_for_test.h"
#include "etcd/retry_pause.h"

namespace promster {
namespace {

// Something that lets clients connect and then says nothing.
class BlackHole {
 public:
  BlackHole() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, size) != 0 || ::listen(socket_, 16) != 0 ||
        ::getsockname(socket_, generic, &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    endpoint = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~BlackHole() { ::close(socket_); }

  std::string endpoint;

 private:
  int socket_;
};

// A port that was free a moment ago: nobody listens there.
std::string dead_endpoint() {
  return "http://" + reserve_port().value().address();
}

TEST(Client, ADeadEndpointIsPassedOver) {
  Server server;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto etcd = client(at({dead_endpoint(), server.etcd->endpoint()}), seed);
    const SteadyTime start = std::chrono::steady_clock::now();
    const auto put = etcd->put("/ok/a", "", 0);
    EXPECT_TRUE(put.ok()) << put.error().message;
    EXPECT_LT(seconds_since(start), 1.0);
    EXPECT_TRUE(etcd->watch({"/ok/", 0}, {}).ok());
  }
}

TEST(Client, ABlackHoleIsPassedOver) {
  Server server;
  const BlackHole hole;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const auto etcd = client(at({hole.endpoint, server.etcd->endpoint()}), seed);
    const SteadyTime start = std::chrono::steady_clock::now();
    const auto grant = etcd->grant(Duration(10'000));
    EXPECT_TRUE(grant.ok()) << grant.error().message;
    EXPECT_LT(seconds_since(start), 3.0);
  }
}

TEST(Client, WithoutAnyEndpointItSaysWhatItTried) {
  const std::string dead = dead_endpoint();
  std::vector<EtcdCalled> calls;
  const auto etcd = make_etcd_client({.settings = at({dead}),
                                      .report = [&](const EtcdCalled& c) { calls.push_back(c); },
                                      .stop = {}});
  const auto read = etcd->range(kAll);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Code::kUnavailable);
  EXPECT_TRUE(read.error().message.starts_with("range: " + dead + ": ")) << read.error().message;
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].operation, "range");
  EXPECT_EQ(calls[0].code, "unavailable");
  EXPECT_GT(calls[0].seconds, 0);
}

TEST(Client, ComesBackToAnEtcdThatWasKilled) {
  Server server;
  const auto etcd = client(at({server.etcd->endpoint()}));
  const auto lease = etcd->grant(Duration(60'000));
  ASSERT_TRUE(etcd->keep_alive(lease->id, Duration(2000)).ok());
  server.etcd->kill();
  EXPECT_EQ(etcd->keep_alive(lease->id, Duration(500)).error().code, Code::kUnavailable);
  EXPECT_EQ(etcd->range(kAll).error().code, Code::kUnavailable);
  ASSERT_TRUE(server.etcd->restart().ok());
  const auto renewed = etcd->keep_alive(lease->id, Duration(2000));
  EXPECT_TRUE(renewed.ok()) << renewed.error().message;
  EXPECT_TRUE(etcd->range(kAll).ok());
}

// Nobody called while etcd was away: the next call finds a connection that is cut.
TEST(Client, AConnectionThatWasCutMeanwhileIsReplaced) {
  Server server;
  const auto etcd = client(at({server.etcd->endpoint()}));
  const auto lease = etcd->grant(Duration(60'000));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(etcd->keep_alive(lease->id, Duration(2000)).ok());
    server.etcd->kill();
    ASSERT_TRUE(server.etcd->restart().ok());
    const auto left = etcd->keep_alive(lease->id, Duration(2000));
    EXPECT_TRUE(left.ok()) << left.error().message;
    server.etcd->kill();
    ASSERT_TRUE(server.etcd->restart().ok());
    const auto read = etcd->range(kAll);
    EXPECT_TRUE(read.ok()) << read.error().message;
  }
}

TEST(Client, AStopEndsCalls) {
  const BlackHole hole;
  std::stop_source stop;
  const auto etcd =
      make_etcd_client({.settings = at({hole.endpoint}), .report = {}, .stop = stop.get_token()});
  std::jthread stopper([&] {
    pause_for(Duration(50), {});
    stop.request_stop();
  });
  const SteadyTime start = std::chrono::steady_clock::now();
  EXPECT_EQ(etcd->range(kAll).error().code, Code::kCanceled);
  EXPECT_LT(seconds_since(start), 1.0);
  EXPECT_EQ(etcd->keep_alive(1, Duration(1000)).error().code, Code::kCanceled);
}

// The lease is revoked because of the stop: the stop must not prevent it, on any endpoint.
TEST(Client, RevokeOutlivesAStop) {
  Server server;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    std::stop_source stop;
    const auto etcd = make_etcd_client({.settings = at({dead_endpoint(), server.etcd->endpoint()}),
                                        .seed = seed,
                                        .report = {},
                                        .stop = stop.get_token()});
    const auto lease = client(at({server.etcd->endpoint()}))->grant(Duration(60'000));
    stop.request_stop();
    EXPECT_EQ(etcd->range(kAll).error().code, Code::kCanceled);
    const auto revoked = etcd->revoke(lease->id);
    EXPECT_TRUE(revoked.ok()) << revoked.error().message;
  }
}

TEST(Client, ABadEndpointIsRefused) {
  const auto etcd = client(at({"127.0.0.1:2379"}));
  EXPECT_EQ(etcd->range(kAll).error().message,
            "range: 127.0.0.1:2379: an endpoint starts with http:// or https://");
}

}  // namespace
}  // namespace promster
