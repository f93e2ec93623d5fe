// The client and real etcds that speak TLS.

#include <filesystem>

#include "etcd/certificates_for_test.h"
#include "etcd/client_for_test.h"

namespace promster {
namespace {

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

}  // namespace
}  // namespace promster
