// The client against real etcds: endpoints that are dead, TLS, users.

#include "etcd/client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/certificates_for_test.h"
#include "etcd/etcdctl_for_test.h"
#include "etcd/retry_pause.h"

namespace promster {
namespace {

using Code = EtcdError::Code;

const RangeRequest kAll{.prefix = "/ok/", .start_key = {}};

// Starts etcd in a directory of its own.
class Server {
 public:
  explicit Server(EtcdOptions options = {}) : dir_(TempDir::make("client").value()) {
    options.dir = dir_.path();
    auto started = EtcdServer::start(options);
    if (!started) throw std::runtime_error(started.error().message);
    etcd.emplace(std::move(started).value());
  }

 private:
  TempDir dir_;

 public:
  std::optional<EtcdServer> etcd;
};

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

EtcdSettings at(std::vector<std::string> endpoints) {
  EtcdSettings settings;
  settings.endpoints = std::move(endpoints);
  return settings;
}

std::unique_ptr<Etcd> client(const EtcdSettings& settings, std::uint64_t seed = 0) {
  return make_etcd_client({.settings = settings, .seed = seed, .report = {}, .stop = {}});
}

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

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

class ClientTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ca_.emplace();
    ca_->sign("server");
    ca_->sign("client");
    const EtcdOptions plain{
        .dir = {}, .cert_file = ca_->file("server.crt"), .key_file = ca_->file("server.key")};
    tls_.emplace(plain);
    EtcdOptions strict = plain;
    strict.client_ca_file = ca_->file("ca.crt");
    mutual_.emplace(strict);
  }
  static void TearDownTestSuite() {
    tls_.reset();
    mutual_.reset();
    ca_.reset();
  }

  static EtcdSettings trusting(const Server& server) {
    EtcdSettings settings = at({server.etcd->endpoint()});
    settings.ca_file = ca_->file("ca.crt");
    return settings;
  }
  static Code code_of(const EtcdSettings& settings) {
    const auto read = client(settings)->range(kAll);
    if (read) return Code::kOther;
    return read.error().code;
  }

  static inline std::optional<TestCa> ca_;
  static inline std::optional<Server> tls_, mutual_;
};

TEST_F(ClientTls, ReadsOverTls) {
  ASSERT_TRUE(tls_->etcd->endpoint().starts_with("https://"));
  const auto read = client(trusting(*tls_))->range(kAll);
  EXPECT_TRUE(read.ok()) << read.error().message;
}

TEST_F(ClientTls, AnUnknownAuthorityIsRefused) {
  EtcdSettings settings = trusting(*tls_);
  const TestCa other;
  settings.ca_file = other.file("ca.crt");
  EXPECT_EQ(code_of(settings), Code::kUnavailable);
  settings.ca_file.clear();  // the authorities of the system do not know it either
  EXPECT_EQ(code_of(settings), Code::kUnavailable);
}

TEST_F(ClientTls, PlainTextIsNotSpokenToATlsServer) {
  const std::string address = tls_->etcd->endpoint().substr(std::string("https://").size());
  EXPECT_EQ(code_of(at({"http://" + address})), Code::kUnavailable);
}

TEST_F(ClientTls, AServerThatAsksForACertificateGetsIt) {
  EtcdSettings settings = trusting(*mutual_);
  EXPECT_EQ(code_of(settings), Code::kUnavailable) << "without one";
  settings.cert_file = ca_->file("client.crt");
  settings.key_file = ca_->file("client.key");
  const auto read = client(settings)->range(kAll);
  EXPECT_TRUE(read.ok()) << read.error().message;
}

// A certificate that is replaced on disk is read with the next connection.
TEST_F(ClientTls, CertificatesAreReadAgain) {
  const auto dir = TempDir::make();
  EtcdSettings settings = trusting(*tls_);
  settings.ca_file = dir->file("ca.crt");
  const auto etcd = client(settings);
  EXPECT_EQ(etcd->range(kAll).error().message, "range: " + tls_->etcd->endpoint() + ": read " +
                                                   settings.ca_file +
                                                   ": No such file or directory");
  const TestCa other;
  std::filesystem::copy(other.file("ca.crt"), settings.ca_file);
  EXPECT_EQ(etcd->range(kAll).error().code, Code::kUnavailable);
  std::filesystem::copy(ca_->file("ca.crt"), settings.ca_file,
                        std::filesystem::copy_options::overwrite_existing);
  const auto read = etcd->range(kAll);
  EXPECT_TRUE(read.ok()) << read.error().message;
}

// A user who may read and write below /ok/; tokens that go unused live for two seconds.
class ClientAuth : public testing::Test {
 protected:
  ClientAuth() {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"user", "add", "root:secret"},
          {"user", "grant-role", "root", "root"},
          {"role", "add", "worker"},
          {"role", "grant-permission", "worker", "readwrite", "/ok/", "--prefix=true"},
          {"user", "add", "ann:pass"},
          {"user", "grant-role", "ann", "worker"},
          {"auth", "enable"}}) {
      etcdctl(server_.etcd->endpoint(), command);
    }
  }

  void as_root(std::vector<std::string> command) {
    command.insert(command.end(), {"--user", "root:secret"});
    etcdctl(server_.etcd->endpoint(), command);
  }
  std::unique_ptr<Etcd> user(const std::string& name, const std::string& password) {
    EtcdSettings settings = at({server_.etcd->endpoint()});
    settings.username = name;
    settings.password = password;
    return make_etcd_client({.settings = settings,
                             .report =
                                 [this](const EtcdCalled& call) {
                                   authentications_ += call.operation == "authenticate" ? 1 : 0;
                                 },
                             .stop = {}});
  }

  Server server_{{.dir = {}, .extra_args = {"--auth-token-ttl", "2", "--bcrypt-cost", "4"}}};
  int authentications_ = 0;
};

TEST_F(ClientAuth, AUserMayWhatTheRoleAllows) {
  const auto ann = user("ann", "pass");
  EXPECT_TRUE(ann->put("/ok/a", "1", 0).ok());
  EXPECT_EQ(ann->range(kAll)->entries.size(), 1u);
  EXPECT_EQ(authentications_, 1) << "one token for all calls";
  EXPECT_EQ(ann->put("/no", "", 0).error().code, Code::kPermissionDenied);
  EXPECT_EQ(ann->range({.prefix = "/", .start_key = {}}).error().code, Code::kPermissionDenied);
  auto watch = ann->watch({"/no", 0}, {});
  ASSERT_FALSE(watch.ok());
  EXPECT_EQ(watch.error().code, Code::kPermissionDenied);
  EXPECT_EQ(user("ann", "wrong")->range(kAll).error().code, Code::kAuth);
  EXPECT_EQ(user("", "")->range(kAll).error().code, Code::kAuth);
}

TEST_F(ClientAuth, ATokenThatRanOutIsRenewed) {
  const auto ann = user("ann", "pass");
  const auto lease = ann->grant(Duration(60'000));
  ASSERT_TRUE(ann->put("/ok/a", "1", lease->id).ok());
  ASSERT_TRUE(ann->keep_alive(lease->id, Duration(2000)).ok());
  pause_for(Duration(4000), {});
  const auto put = ann->put("/ok/a", "2", lease->id);
  EXPECT_TRUE(put.ok()) << put.error().message;
  EXPECT_EQ(authentications_, 2);
  EXPECT_TRUE(ann->keep_alive(lease->id, Duration(2000)).ok());
  pause_for(Duration(4000), {});
  const auto watch = ann->watch({"/ok/", 0}, {});
  EXPECT_TRUE(watch.ok()) << "refused with a text only: " << watch.error().message;
  EXPECT_TRUE(ann->revoke(lease->id).ok());
}

TEST_F(ClientAuth, AuthenticationMayBeTurnedOffAndOn) {
  const auto ann = user("ann", "pass");
  ASSERT_TRUE(ann->put("/ok/a", "1", 0).ok());
  for (int i = 0; i < 3; ++i) {
    as_root({"auth", "disable"});
    auto put = ann->put("/ok/a", "2", 0);
    EXPECT_TRUE(put.ok()) << put.error().message;
    etcdctl(server_.etcd->endpoint(), {"auth", "enable"});
    put = ann->put("/ok/a", "3", 0);
    EXPECT_TRUE(put.ok()) << put.error().message;
  }
}

TEST_F(ClientAuth, RevokeRenewsTheTokenAfterAStop) {
  std::stop_source stop;
  EtcdSettings settings = at({server_.etcd->endpoint()});
  settings.username = "ann";
  settings.password = "pass";
  const auto ann = make_etcd_client({.settings = settings, .report = {}, .stop = stop.get_token()});
  const auto lease = user("ann", "pass")->grant(Duration(60'000));
  ASSERT_TRUE(user("ann", "pass")->put("/ok/a", "", lease->id).ok());
  stop.request_stop();
  const auto revoked = ann->revoke(lease->id);
  EXPECT_TRUE(revoked.ok()) << revoked.error().message;
}

TEST_F(ClientAuth, AChangeOfUsersGoesUnnoticed) {
  const auto ann = user("ann", "pass");
  for (int i = 0; i < 5; ++i) {
    as_root({"user", "add", "user" + std::to_string(i) + ":x"});
    const auto put = ann->put("/ok/a", "2", 0);
    EXPECT_TRUE(put.ok()) << put.error().message;
  }
}

}  // namespace
}  // namespace promster
