#include "core/mask_secrets.h"

#include <gtest/gtest.h>

#include "core/render.h"
#include "core/yaml_tree.h"

namespace promster {
namespace {

// All that Prometheus's documentation ("Configuration") gives the type <secret>, in 2.42 and up to
// 3.5, as the path of its maps; and what holds one though its type is <string>. Lists are left out
// of the paths: what is below them is found as well.
constexpr const char* kSecrets[] = {
    // <http_config>, <basic_auth>, <oauth2>, <tls_config>, <sigv4_config>, <azuread>
    "basic_auth.password", "authorization.credentials", "bearer_token", "oauth2.client_secret",
    "oauth2.client_certificate_key", "oauth2.tls_config.key", "tls_config.key",
    "proxy_connect_header.Proxy-Authorization", "http_headers.X-Key.secrets",
    "http_headers.X-Key.values", "sigv4.secret_key", "azuread.oauth.client_secret",
    // the headers of remote_write, remote_read and tracing
    "remote_write.headers.X-Key", "remote_read.headers.Authorization", "tracing.headers.api-key",
    // service discovery
    "azure_sd_configs.client_secret", "consul_sd_configs.token", "consul_sd_configs.password",
    "ec2_sd_configs.secret_key", "lightsail_sd_configs.secret_key", "openstack_sd_configs.password",
    "openstack_sd_configs.application_credential_secret", "ovhcloud_sd_configs.application_secret",
    "ovhcloud_sd_configs.consumer_key", "ovhcloud_sd_configs.application_key",
    "marathon_sd_configs.auth_token", "scaleway_sd_configs.secret_key", "uyuni_sd_configs.password",
    "aws_sd_configs.secret_key", "stackit_sd_configs.service_account_key",
    "stackit_sd_configs.private_key",
    // what a request carries
    "params.token", "params.api_key", "params.apikey", "params.Access-Token", "params.auth"};

constexpr const char* kValues[] = {"SEKRET",
                                   "'SEKRET'",
                                   "\"SEKRET \\\"SEKRET\\n: SEKRET\"",
                                   "&anchor SEKRET",
                                   "[SEKRET, \"SEKRET\"]",
                                   "{a: SEKRET, b: [SEKRET]}"};
constexpr const char* kBlocks[] = {"SEKRET",
                                   "|\n        SEKRET\n\n        SEKRET: SEKRET\n",
                                   ">-\n        SEKRET\n        SEKRET\n",
                                   "\n        SEKRET\n        SEKRET\n",
                                   "\"SEKRET\n        SEKRET\"",
                                   "\n        - SEKRET\n        - SEKRET\n"};

struct Field {
  std::string map, key;
};

Field field(std::string path) {
  const auto dot = path.rfind('.');
  return dot == path.npos ? Field{"a", path} : Field{path.substr(0, dot), path.substr(dot + 1)};
}

// The map of a path around what it holds, in one line.
std::string in_flow(std::string map, const std::string& inner) {
  const auto dot = map.find('.');
  const std::string first = map.substr(0, dot);
  return "{" + first + ": " +
         (dot == map.npos ? "{" + inner + "}" : in_flow(map.substr(dot + 1), inner)) + "}";
}

void expect_masked(const std::string& yaml) {
  const std::string shown = mask_secrets(yaml);
  EXPECT_EQ(shown.find("SEKRET"), std::string::npos) << yaml << "\n" << shown;
  EXPECT_NE(shown.find("<secret>"), std::string::npos) << yaml << "\n" << shown;
  EXPECT_TRUE(read_yaml(shown)) << shown;
}

TEST(MaskSecrets, EverySecretOfPrometheusIsMaskedInFlowStyle) {
  for (const char* path : kSecrets) {
    const auto [map, key] = field(path);
    for (const std::string value : kValues) {
      for (const std::string& name : {key, "\"" + key + "\"", "'" + key + "'"}) {
        expect_masked("scrape_configs: [" +
                      in_flow(map, "x: 1, " + name + ": " + value + ", y: 2") + "]\n");
      }
    }
  }
}

TEST(MaskSecrets, EverySecretOfPrometheusIsMaskedInBlockStyle) {
  for (const char* path : kSecrets) {
    const auto [map, key] = field(path);
    // The outer maps of a path in one line would be flow style again.
    const std::string inner = map.substr(map.rfind('.') + 1);
    const bool header = map.find("headers") != map.npos;
    for (const std::string value : kBlocks) {
      expect_masked("scrape_configs:\n- x: 1\n  " + (header ? "headers" : inner) +
                    ":\n    x: 1\n    " + key + ": " + value + "\n    y: 2\n");
      expect_masked("scrape_configs:\n- " + (header ? "http_headers" : inner) + ":\n  - ? " + key +
                    "\n    : " + value + "\n    y: 2\n");
    }
  }
}

TEST(MaskSecrets, WhatIsAroundASecretStays) {
  EXPECT_EQ(mask_secrets("a: {username: u, password: hunter2, x: [1]}\nb: c\n"),
            "a:\n  username: u\n  password: <secret>\n  x:\n    - 1\nb: c\n");
  EXPECT_EQ(mask_secrets("a:\n  http_headers:\n    X: {values: [hunter2]}\n  b: c\n"),
            "a:\n  http_headers: <secret>\n  b: c\n");
  EXPECT_EQ(mask_secrets("a: &x {token: hunter2}\nb: {<<: *x, c: d}\n"),
            "a:\n  token: <secret>\nb:\n  c: d\n  token: <secret>\n");
}

TEST(MaskSecrets, UrlsHideTheirs) {
  EXPECT_EQ(mask_secrets("proxy_url: \"https://me:hunter2@host:1/x?a=hunter2\"\n"),
            "proxy_url: \"https://me:<secret>@host:1/x?a=<secret>\"\n");
}

TEST(MaskSecrets, WhatReadersNeedStays) {
  const std::string text = std::string(kWrittenByUs) + R"(global:
  scrape_interval: "5s"
  query_log_file: "/var/log/queries.log"
  external_labels:
    replica: "${HOSTNAME}"
scrape_configs:
  - job_name: "own"
    honor_labels: true
    bearer_token_file: "/etc/token"
    basic_auth:
      username: u
      password_file: "/etc/p"
    authorization:
      type: Bearer
      credentials_file: c
    tls_config:
      cert_file: c.pem
      key_file: k.pem
    oauth2:
      client_id: c
      client_secret_file: "/etc/s"
      client_certificate_key_file: "/etc/k"
      token_url: "https://id/token"
    params:
      module:
        - http_2xx
    relabel_configs:
      - source_labels:
          - __address__
        separator: ;
        regex: "(https?)://([^/]+)(/.*)?"
        target_label: __param_target
        action: replace
    openstack_sd_configs:
      - application_credential_id: i
        region: r
    static_configs:
      - targets:
          - a:1
        labels:
          monkey: business
    bearer_token: ~
)";
  EXPECT_EQ(mask_secrets(text), text);
}

TEST(MaskSecrets, WhatPromsterWritesIsShownAsItIs) {
  Settings settings;
  settings.prometheus.alertmanager_urls = {"https://a:1/am"};
  settings.prometheus.remote_write_url = "https://rw/write";
  settings.prometheus.external_labels = {{"node", "%{node}"}, {"n", "2"}};
  settings.registry.advertise_address = "10.0.0.1:9090";
  settings.scrape.paths = {"/federate", "/metrics"};
  settings.scrape.match_regex = "level1:.*\\.\"";
  const BaseConfig base{.file = "/etc/site.yml", .text = "# hunter2\nglobal: {x: '1'} # hunter2\n"};
  for (const BaseConfig& one : {BaseConfig(), base}) {
    const ApplyConfig config = render_config(settings, one);
    ASSERT_EQ(config.fault, "");
    EXPECT_EQ(mask_secrets(config.prometheus_yml), config.prometheus_yml);
  }
}

TEST(MaskSecrets, WhatCannotBeReadIsNotShown) {
  EXPECT_EQ(mask_secrets(""), "");
  for (const char* text : {"a: {password: hunter2", "a: 1\n---\npassword: hunter2\n", "hunter2",
                           "password: !x hunter2", "a: hunter2\na: 1\n", "- password: hunter2\n",
                           "# password: hunter2\n", "\xff hunter2"}) {
    const std::string shown = mask_secrets(text);
    EXPECT_EQ(shown.find("hunter2"), std::string::npos) << text << "\n" << shown;
    EXPECT_TRUE(shown.starts_with("# Not shown: ")) << shown;
  }
}

TEST(MaskSecrets, ACommentMayHoldASecretToo) {
  EXPECT_EQ(mask_secrets("# hunter2\na: b # hunter2\n"), "a: b\n");
}

}  // namespace
}  // namespace promster
