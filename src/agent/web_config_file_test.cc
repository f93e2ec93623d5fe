#include "agent/web_config_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "cluster/temp_dir.h"

namespace promster {
namespace {

constexpr std::string_view kHash = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

Result<WebConfig> parse(const std::string& yaml) {
  return parse_web_config(yaml, "/etc/promster");
}

TEST(WebConfigFile, ReadsWhatTheDocumentationShows) {
  const auto config = parse(R"(
tls_server_config:
  cert_file: server.crt
  key_file: /keys/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
  min_version: TLS13
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256]
  prefer_server_cipher_suites: false
http_server_config:
  http2: false
  headers:
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  ann: )" + std::string(kHash));
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->tls.cert_file, "/etc/promster/server.crt");
  EXPECT_EQ(config->tls.key_file, "/keys/server.key");
  EXPECT_EQ(config->tls.client_ca_file, "/etc/promster/ca.crt");
  EXPECT_EQ(config->tls.client_auth, ClientAuth::kRequireAndVerifyClientCert);
  EXPECT_EQ(config->tls.min_version, TlsVersion::kTls13);
  EXPECT_EQ(config->tls.curves, (std::vector<std::string>{"X25519", "P-256"}));
  EXPECT_FALSE(config->tls.prefer_server_cipher_suites);
  EXPECT_EQ(config->headers, (WebHeaders{{"Strict-Transport-Security", "max-age=31536000"}}));
  EXPECT_EQ(config->users.at("ann"), kHash);
  EXPECT_FALSE(config->open());
}

TEST(WebConfigFile, AnEmptyOneIsNoProtection) {
  for (const std::string yaml : {"", "{}", "# nothing\n", "basic_auth_users: {}"}) {
    const auto config = parse(yaml);
    ASSERT_TRUE(config.ok()) << config.error().message;
    EXPECT_TRUE(config->open());
  }
}

TEST(WebConfigFile, RefusesWhatItDoesNotDo) {
  const std::string tls = "tls_server_config: {cert_file: a, key_file: b, ";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"basic_auth_user: {}", "basic_auth_user: is not known; try: basic_auth_users"},
      {"rate_limit: {}", "rate_limit: is not known; try: leave it out"},
      {"- a", "is no map; try: the format of exporter-toolkit"},
      {"a: [", "is no YAML: "},
      {"tls_server_config: {}", "tls_server_config: has no cert_file"},
      {"tls_server_config: {cert_file: a}", "tls_server_config: cert_file and key_file: one"},
      {tls + "min_version: TLS11}", "tls_server_config: min_version: \"TLS11\" is not supported; "},
      {tls + "min_version: TLS13, max_version: TLS12}", "tls_server_config: min_version is above"},
      {tls + "client_auth_type: Some}", "tls_server_config: client_auth_type: \"Some\" is not"},
      {tls + "client_auth_type: RequireAndVerifyClientCert}",
       "tls_server_config: client_auth_type verifies certificates and needs a client_ca_file"},
      {tls + "client_ca_file: c}", "tls_server_config: client_ca_file has no effect; "},
      {tls + "client_allowed_sans: [a]}", "tls_server_config: client_allowed_sans: is not known"},
      {tls + "curve_preferences: [P1]}", "tls_server_config: curve_preferences: \"P1\" is not"},
      {"http_server_config: {http2: true}", "http_server_config: http2: true is not supported"},
      {"http_server_config: {headers: {X: y}}", "http_server_config: headers: X: is not known"},
      {"http_server_config: {headers: {X-Frame-Options: \"a\\nb\"}}",
       "http_server_config: headers: X-Frame-Options: is no line of text"},
      {"basic_auth_users: {ann: secret}", "basic_auth_users: ann: is no bcrypt hash"},
      {"basic_auth_users: {ann: $2y$31$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG}",
       "basic_auth_users: ann: is no bcrypt hash of a cost from 4 to 14"},
      {"basic_auth_users: {\"a:b\": x}", "basic_auth_users: a name is empty or has a colon"},
  };
  for (const auto& [yaml, error] : cases) {
    const auto config = parse(yaml);
    ASSERT_FALSE(config.ok()) << yaml;
    EXPECT_TRUE(config.error().message.starts_with(error)) << config.error().message;
  }
}

TEST(WebConfigFile, NeverShowsWhatMayBeAPassword) {
  EXPECT_EQ(parse("basic_auth_users: {ann: hunter2}").error().message.find("hunter2"),
            std::string::npos);
}

TEST(WebConfigFile, WarnsOfSecretsThatEverybodyCanRead) {
  const auto dir = TempDir::make("web").value();
  const std::string path = dir.file("web.yml");
  std::ofstream(path) << "basic_auth_users: {ann: " << kHash << "}\n";
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  EXPECT_TRUE(load_web_config(path)->warnings.empty());
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(load_web_config(path)->warnings.size(), 1u);
}

TEST(WebConfigFile, NoFileIsNoProtectionAndAMissingOneAnError) {
  EXPECT_TRUE(load_web_config("")->config.open());
  EXPECT_TRUE(load_web_config("/no/such.yml").error().message.starts_with("web config: "));
}

}  // namespace
}  // namespace promster
