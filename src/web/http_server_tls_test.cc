#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/inbox.h"
#include "base/process.h"
#include "etcd/certificates_for_test.h"
#include "web/http_server.h"
#include "web/raw_client_for_test.h"

// TLS of the server, asked by curl and by openssl's own client.
namespace promster {
namespace {

class ServerTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ca_.emplace();
    for (const std::string name : {"server", "client", "renewed"}) ca_->sign(name);
    foreign_.emplace();
    foreign_->sign("client");
  }
  static void TearDownTestSuite() {
    ca_.reset();
    foreign_.reset();
  }

  static TlsServerConfig config() {
    return {.cert_file = ca_->file("server.crt"),
            .key_file = ca_->file("server.key"),
            .client_ca_file = {},
            .cipher_suites = {},
            .curves = {}};
  }
  static TlsServerConfig asking(ClientAuth auth) {
    TlsServerConfig tls = config();
    tls.client_auth = auth;
    tls.client_ca_file = ca_->file("ca.crt");
    return tls;
  }
  static std::unique_ptr<HttpServer> serve(TlsServerConfig tls) {
    auto server = HttpServer::start(
        {.listen = {"127.0.0.1:0"}, .config = {.tls = std::move(tls)}, .open_paths = {"/metrics"}},
        [](const WebRequest& request) {
          return request.path == "/large" ? WebResponse{.body = std::string(1'000'000, 'x')}
                                          : WebResponse{.body = request.path + request.body + "\n"};
        });
    EXPECT_TRUE(server.ok()) << server.error().message;
    return std::move(*server);
  }

  // What curl says, with its exit code where it is not 0.
  static std::string curl(const HttpServer& server, const std::string& path,
                          std::vector<std::string> more = {}) {
    std::vector<std::string> argv{"curl", "-sS",      "--max-time",
                                  "10",   "--cacert", ca_->file("ca.crt")};
    argv.insert(argv.end(), more.begin(), more.end());
    argv.push_back("https://127.0.0.1:" + std::to_string(server.port()) + path);
    const auto ran = run_program(argv, Duration(20'000));
    EXPECT_TRUE(ran.ok());
    return ran->status.code == 0 ? ran->text : "failed: " + ran->text;
  }
  static std::vector<std::string> as(const TestCa& ca, const std::string& name) {
    return {"--cert", ca.file(name + ".crt"), "--key", ca.file(name + ".key")};
  }
  static bool is_let_in(const HttpServer& server, std::vector<std::string> more) {
    return curl(server, "/a", std::move(more)) == "/a\n";
  }

  static inline std::optional<TestCa> ca_, foreign_;
};

TEST_F(ServerTls, AnswersOverTls12And13AndNothingOlder) {
  const auto server = serve(config());
  EXPECT_EQ(curl(*server, "/a", {"--tlsv1.2", "--tls-max", "1.2"}), "/a\n");
  EXPECT_EQ(curl(*server, "/a", {"--tlsv1.3"}), "/a\n");
  EXPECT_TRUE(curl(*server, "/a", {"--tlsv1.1", "--tls-max", "1.1"}).starts_with("failed: "));
}

TEST_F(ServerTls, TheLeastVersionIsKept) {
  TlsServerConfig tls = config();
  tls.min_version = TlsVersion::kTls13;
  const auto server = serve(tls);
  EXPECT_EQ(curl(*server, "/a"), "/a\n");
  EXPECT_TRUE(curl(*server, "/a", {"--tls-max", "1.2"}).starts_with("failed: "));
}

TEST_F(ServerTls, CarriesBodiesOfAnySize) {
  const auto server = serve(config());
  EXPECT_EQ(curl(*server, "/large").size(), 1'000'000u);
  EXPECT_EQ(curl(*server, "/a", {"--data", std::string(60'000, 'b'), "-H", "Expect:"}).size(),
            60'003u);
}

TEST_F(ServerTls, ChosenCiphersAndCurvesAreUsed) {
  TlsServerConfig tls = config();
  tls.max_version = TlsVersion::kTls12;
  tls.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"};
  tls.curves = {"P-256"};
  const auto server = serve(tls);
  EXPECT_EQ(curl(*server, "/a", {"--ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384"}), "/a\n");
  EXPECT_TRUE(
      curl(*server, "/a", {"--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256"}).starts_with("failed: "));
  EXPECT_TRUE(curl(*server, "/a", {"--curves", "X25519"}).starts_with("failed: "));
}

TEST_F(ServerTls, ClientCertificates) {
  const std::vector<std::string> none;
  const auto own = as(*ca_, "client");
  const auto other = as(*foreign_, "client");
  const auto letting = [&](const TlsServerConfig& tls) {
    const auto server = serve(tls);
    return std::vector<bool>{is_let_in(*server, none), is_let_in(*server, own),
                             is_let_in(*server, other)};
  };
  using Let = std::vector<bool>;
  EXPECT_EQ(letting(config()), (Let{true, true, true}));
  EXPECT_EQ(letting(asking(ClientAuth::kRequestClientCert)), (Let{true, true, true}));
  EXPECT_EQ(letting(asking(ClientAuth::kRequireAnyClientCert)), (Let{false, true, true}));
  EXPECT_EQ(letting(asking(ClientAuth::kVerifyClientCertIfGiven)), (Let{true, true, false}));
  EXPECT_EQ(letting(asking(ClientAuth::kRequireAndVerifyClientCert)), (Let{false, true, false}));
}

// The own Prometheus and `promster healthcheck` need no certificate, for these paths alone.
TEST_F(ServerTls, TheOwnMachineGetsWhatIsOpenWithoutTls) {
  const auto server = serve(asking(ClientAuth::kRequireAndVerifyClientCert));
  const auto status = [&](const std::string& start, const std::string& headers = "") {
    RawClient client(server->port());
    client.send(start + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    return status_in(client.answer());
  };
  EXPECT_EQ(status("GET /metrics"), 200);
  EXPECT_EQ(status("GET /"), 400);
  EXPECT_EQ(status("GET /metrics/"), 400);
  EXPECT_EQ(status("POST /metrics", "Content-Length: 0\r\n"), 400);
  for (const std::string proxy :
       {"X-Forwarded-For: 10.0.0.1", "Forwarded: for=1", "Via: 1.1 p", "X-Real-IP: 10.0.0.1"}) {
    EXPECT_EQ(status("GET /metrics", proxy + "\r\n"), 400) << proxy;
  }
}

TEST_F(ServerTls, WhoSpeaksPlainHttpIsToldSo) {
  const auto server = serve(config());
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(client.rest().find("This address speaks https."), std::string::npos);
}

TEST_F(ServerTls, WhoSpeaksNeitherIsLeft) {
  const auto server = HttpServer::start({.listen = {"127.0.0.1:0"},
                                         .limits = {.header_time = std::chrono::milliseconds(100)},
                                         .config = {.tls = config()}},
                                        [](const WebRequest&) { return plain_answer(200); });
  RawClient stuck((*server)->port());
  stuck.send("\x16\x03\x01");  // a handshake that never goes on
  EXPECT_TRUE(stuck.closed());
  RawClient nonsense((*server)->port());
  nonsense.send("\x16" + std::string(100, 'x'));
  EXPECT_TRUE(nonsense.closed());
}

std::string copied(const std::string& from, const std::string& to) {
  std::filesystem::copy_file(from, to + ".new", std::filesystem::copy_options::overwrite_existing);
  std::filesystem::rename(to + ".new", to);
  return to;
}

// While only half of the pair was replaced, the old one goes on.
TEST_F(ServerTls, ARenewedCertificateIsUsedWithoutARestart) {
  const auto dir = TempDir::make("tls").value();
  TlsServerConfig tls = config();
  tls.cert_file = copied(ca_->file("server.crt"), dir.file("tls.crt"));
  tls.key_file = copied(ca_->file("server.key"), dir.file("tls.key"));
  const auto server = serve(tls);
  const auto subject = [&] {
    const std::string said = curl(*server, "/a", {"-v"});
    const std::size_t at = said.find("subject: CN=");
    return at == said.npos ? said : said.substr(at + 12, said.find('\n', at) - at - 12);
  };
  EXPECT_EQ(subject(), "server");
  copied(ca_->file("renewed.crt"), tls.cert_file);
  EXPECT_EQ(subject(), "server");
  copied(ca_->file("renewed.key"), tls.key_file);
  EXPECT_EQ(subject(), "renewed");
}

TEST_F(ServerTls, FilesThatCannotBeUsedAreAnError) {
  const auto error_of = [](const TlsServerConfig& tls) {
    const auto server = HttpServer::start({.listen = {"127.0.0.1:0"}, .config = {.tls = tls}}, {});
    return server.ok() ? "" : server.error().message;
  };
  TlsServerConfig tls = config();
  tls.cert_file = "/no/such.crt";
  EXPECT_EQ(error_of(tls),
            "tls_server_config: cert_file /no/such.crt: No such file or directory; try: a readable "
            "certificate in PEM");
  tls = config();
  tls.key_file = ca_->file("client.key");
  EXPECT_TRUE(error_of(tls).starts_with("tls_server_config: key_file ")) << error_of(tls);
  tls = config();
  tls.cipher_suites = {"TLS_RSA_WITH_RC4_128_SHA"};
  EXPECT_TRUE(error_of(tls).starts_with("tls_server_config: cipher_suites: ")) << error_of(tls);
}

}  // namespace
}  // namespace promster
