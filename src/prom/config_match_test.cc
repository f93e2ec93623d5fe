#include "prom/config_match.h"

#include <gtest/gtest.h>

#include <fstream>

#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "prom/prometheus_api.h"

namespace promster {
namespace {

// As Prometheus 2.42 reports it (started with an absolute --config.file).
constexpr const char* kReported = R"(global:
  scrape_interval: 1m30s
  scrape_timeout: 3s
  evaluation_interval: 20s
  external_labels:
    a: "yes"
rule_files:
- /etc/promster/rules.yml
scrape_configs:
- job_name: /federate
  honor_timestamps: false
  params:
    match[]:
    - '{__name__=~"level1:.*"}'
  scrape_interval: 1m30s
  scrape_timeout: 3s
  metrics_path: /federate
  scheme: http
  body_size_limit: 10MiB
  basic_auth:
    username: u
    password: <secret>
  tls_config:
    ca_file: /etc/promster/tls/ca.pem
    insecure_skip_verify: false
  follow_redirects: true
  enable_http2: true
  file_sd_configs:
  - files:
    - /etc/promster/sd/targets.json
    refresh_interval: 5m
remote_write:
- url: http://u:xxxxx@127.0.0.1:1/write
  remote_timeout: 30s
)";

constexpr const char* kMeant = R"(
global: {scrape_interval: "90s", scrape_timeout: "3000ms", evaluation_interval: "20s",
         external_labels: {"a": "yes"}}
rule_files: ["./rules.yml"]
scrape_configs:
  - job_name: "/federate"
    metrics_path: "/federate"
    honor_timestamps: no
    honor_labels: false
    sample_limit: 0
    body_size_limit: 10MB
    basic_auth: {username: u, password: really}
    tls_config: {ca_file: "tls/ca.pem"}
    params: {"match[]": ["{__name__=~\"level1:.*\"}"]}
    metric_relabel_configs: []
    file_sd_configs: [{files: ["sd/targets.json"], refresh_interval: 300s}]
remote_write: [{url: "http://u:pw@127.0.0.1:1/write"}]
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) ADD_FAILURE() << from << " is not in the text";
  return text.replace(at, from.size(), to);
}

std::string difference(const std::string& meant, const std::string& reported) {
  const auto same = config_matches(meant, reported);
  return same ? "" : same.error().message;
}

TEST(ConfigMatchTest, AReportMatchesWhatItWasMadeFrom) {
  EXPECT_EQ(difference(kMeant, kReported), "");
}

TEST(ConfigMatchTest, NamesTheFirstDifference) {
  struct Case {
    const char *from, *to, *difference;
  };
  for (const Case& wrong : std::initializer_list<Case>{
           {"\"90s\"", "\"91s\"", "global.scrape_interval: Prometheus has 1m30s"},
           {"\"yes\"", "\"no\"", "global.external_labels.a: Prometheus has yes"},
           {"./rules.yml", "other.yml", "rule_files[0]: Prometheus has /etc/promster/rules.yml"},
           {"./rules.yml", "/rules.yml", "rule_files[0]: Prometheus has /etc/promster/rules.yml"},
           {"./rules.yml\"", "rules.yml\", \"b.yml\"",
            "rule_files: Prometheus has 1 entries, not 2"},
           {"timestamps: no", "timestamps: yes",
            "scrape_configs[0].honor_timestamps: Prometheus has false"},
           {"honor_labels: false", "honor_labels: true",
            "scrape_configs[0].honor_labels: Prometheus does not have it"},
           {"sample_limit: 0", "sample_limit: 7",
            "scrape_configs[0].sample_limit: Prometheus does not have it"},
           {"username: u", "username: v",
            "scrape_configs[0].basic_auth.username: Prometheus has u"},
           {"level1:.*", "level2:.*",
            "scrape_configs[0].params.match[][0]: Prometheus has {__name__=~\"level1:.*\"}"},
           {"[\"sd/targets.json\"]", "{}",
            "scrape_configs[0].file_sd_configs[0].files: Prometheus has another kind of value"},
           {"300s", "301s",
            "scrape_configs[0].file_sd_configs[0].refresh_interval: Prometheus has 5m"},
           {"remote_write: [{url: \"http://u:pw@127.0.0.1:1/write\"}]", "",
            "remote_write: Prometheus has it, and it was not meant"},
       }) {
    EXPECT_EQ(difference(replaced(kMeant, wrong.from, wrong.to), kReported), wrong.difference);
  }
}

TEST(ConfigMatchTest, AnotherJobIsADifference) {
  const std::string more = replaced(kReported, "remote_write:", "- job_name: b\nremote_write:");
  EXPECT_EQ(difference(kMeant, more), "scrape_configs: Prometheus has 2 entries, not 1");
}

TEST(ConfigMatchTest, TheSecretIsNotInTheError) {
  const std::string without = replaced(kReported, "    password: <secret>\n", "");
  EXPECT_EQ(difference(kMeant, without),
            "scrape_configs[0].basic_auth.password: Prometheus does not have it");
}

TEST(ConfigMatchTest, WhatIsNoConfigurationNeverMatches) {
  for (const char* garbage : {"", "null", "[]", "a", "{", "\t", "a: *b"}) {
    EXPECT_NE(difference(kMeant, garbage), "") << garbage;
    EXPECT_NE(difference(garbage, kReported), "") << garbage;
  }
}

// Settings of a site in unusual forms, as the real one reports them.
TEST(ConfigMatchTest, ARealPrometheusMatchesWhatItWasGiven) {
  const std::string site = R"yaml(
global: {scrape_interval: 30s, external_labels: {a: "yes", b: "1e3", c: ""}}
rule_files: ["rules.yml", "./site/../site/*.yml", "/nowhere/*.yml"]
alerting:
  alert_relabel_configs: []
  alertmanagers: [{static_configs: [{targets: ["127.0.0.1:9093"], labels: {}}]}]
scrape_configs:
  - job_name: "x"
    honor_labels: false
    honor_timestamps: true
    body_size_limit: 10MB
    sample_limit: 0
    params: {}
    static_configs: [{targets: []}, {targets: ["a:1"], labels: {"b": "2"}}]
    tls_config: {insecure_skip_verify: false}
    authorization: {type: Bearer, credentials: "hidden"}
    relabel_configs:
      - {source_labels: [a], action: hashmod, modulus: 5, target_label: q}
      - {regex: "(.*)", action: keep, source_labels: [b]}
remote_write:
  - {url: "http://u:pw@127.0.0.1:1/write", remote_timeout: 1m30s, write_relabel_configs: []}
storage: {tsdb: {out_of_order_time_window: 90m}}
)yaml";
  const auto dir = TempDir::make("promster-match-test");
  std::ofstream(dir->file("prometheus.yml")) << site;
  const auto server =
      PrometheusServer::start({.dir = dir->path(), .config_file = dir->file("prometheus.yml")});
  ASSERT_TRUE(server) << server.error().message;
  const auto reported = PrometheusApi({.url = server->url()}).config_yaml();
  ASSERT_TRUE(reported);
  EXPECT_EQ(difference(site, *reported), "") << *reported;
  EXPECT_EQ(difference(*reported, *reported), "");
}

}  // namespace
}  // namespace promster
