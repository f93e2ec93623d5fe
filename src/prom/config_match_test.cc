#include "prom/config_match.h"

#include <gtest/gtest.h>

#include <fstream>

#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "core/render.h"
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

std::string difference(const std::string& meant, const std::string& reported,
                       const std::string& base = "") {
  const auto same = config_matches(meant, base, reported);
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

// What a real Prometheus reports of it.
std::string reported_of(const std::string& config, const std::vector<std::string>& arguments = {}) {
  const auto dir = TempDir::make("promster-match-test");
  std::ofstream(dir->file("prometheus.yml")) << config;
  const auto server = PrometheusServer::start(
      {.dir = dir->path(), .config_file = dir->file("prometheus.yml"), .extra_args = arguments});
  if (!server) return server.error().message;
  const auto reported = PrometheusApi({.url = server->url()}).config_yaml();
  return reported ? *reported : reported.error().message;
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
  const std::string reported = reported_of(site);
  EXPECT_EQ(difference(site, reported), "") << reported;
  EXPECT_EQ(difference(reported, reported), "");
}

// A site's own configuration with values that Prometheus reports in another form than it was given.
constexpr const char* kSite = R"yaml(
global:
  scrape_interval: 90s
  external_labels: {replica: "${HOSTNAME}", price: "$$5", site: s1}
rule_files: ["own/*.yml"]
alerting:
  alertmanagers: [{scheme: HTTP, static_configs: [{targets: ["127.0.0.1:9"]}]}]
  alert_relabel_configs: [{regex: a, action: LabelDrop}]
scrape_configs:
- job_name: first
  relabel_configs:
  - {source_labels: [__name__], regex: a, action: Keep}
  - {source_labels: [a], modulus: 2, target_label: b, action: HashMod}
  static_configs: [{targets: ["a:1"]}]
- job_name: second
  metrics_path: /own
remote_write: [{url: "HTTP://127.0.0.1:9/a|b", write_relabel_configs: [{regex: a, action: DROP}]}]
)yaml";

struct Node {
  Settings settings;
  std::string site = kSite;

  ApplyConfig config() const { return render_config(settings, {.file = "/s.yml", .text = site}); }
};

Node a_node() {
  Node node;
  node.settings.registry.advertise_address = "10.0.0.1:9090";
  node.settings.prometheus.alertmanager_urls = {"https://[::1]:9/am"};
  node.settings.prometheus.remote_write_url = "https://[::1]:9/write?a=b";
  node.settings.prometheus.external_labels = {{"node", "%{node}"}, {"money", "$HOME"}};
  return node;
}

std::string difference(const Node& meant, const std::string& reported) {
  const ApplyConfig config = meant.config();
  EXPECT_EQ(config.fault, "");
  return difference(config.prometheus_yml, reported, config.base.text);
}

TEST(ConfigMatchTest, ASitesOwnValuesMayBeReportedInAnotherForm) {
  const Node node = a_node();
  const std::string reported =
      reported_of(node.config().prometheus_yml, {"--enable-feature=expand-external-labels"});
  for (const char* form : {"action: keep", "action: hashmod", "price: $5", "/a%7Cb"}) {
    EXPECT_NE(reported.find(form), std::string::npos) << form << "\n" << reported;
  }
  EXPECT_EQ(difference(node, reported), "") << reported;
}

TEST(ConfigMatchTest, AnotherFileIsFoundWhateverOfItDiffers) {
  const std::string reported = reported_of(a_node().config().prometheus_yml);
  ASSERT_EQ(difference(a_node(), reported), "") << reported;
  const auto now = [&](auto change) {
    Node node = a_node();
    change(node.settings);
    return difference(node, reported);
  };
  EXPECT_EQ(now([](Settings& s) { s.scrape.interval = Duration(7000); }),
            "global.scrape_interval: Prometheus has 30s");
  EXPECT_EQ(now([](Settings& s) { s.registry.advertise_address = "10.0.0.2:9090"; }),
            "global.external_labels.node: Prometheus has 10.0.0.1:9090");
  EXPECT_EQ(now([](Settings& s) { s.scrape.scheme = "https"; }),
            "scrape_configs[4].scheme: Prometheus has http");
  EXPECT_EQ(now([](Settings& s) { s.prometheus.alertmanager_urls = {"https://[::1]:9/x"}; }),
            "alerting.alertmanagers[1].path_prefix: Prometheus has /am");
  EXPECT_EQ(now([](Settings& s) { s.prometheus.remote_write_url = "https://[::1]:9/x?a=b"; }),
            "remote_write[1].url: Prometheus has https://[::1]:9/write?a=<secret>");
  EXPECT_EQ(now([](Settings& s) { s.prometheus.remote_write_url = ""; }),
            "remote_write: Prometheus has 2 entries, not 1");
  const auto site = [&](const char* from, const char* to) {
    Node node = a_node();
    node.site = replaced(node.site, from, to);
    return difference(node, reported);
  };
  EXPECT_EQ(site("job_name: first", "job_name: other"),
            "scrape_configs[0].job_name: Prometheus has first");
  EXPECT_EQ(site("metrics_path: /own", "metrics_path: /new"),
            "scrape_configs[1].metrics_path: Prometheus has /own");
  EXPECT_EQ(site("targets: [\"a:1\"]", "targets: [\"a:2\"]"),
            "scrape_configs[0].static_configs[0].targets[0]: Prometheus has a:1");
  EXPECT_EQ(site("scrape_configs:\n", "scrape_configs:\n- job_name: more\n"),
            "scrape_configs: Prometheus has 5 entries, not 6");
  EXPECT_EQ(site("[\"own/*.yml\"]", "[]"), "rule_files: Prometheus has 2 entries, not 1");
  EXPECT_NE(difference(a_node(), reported_of("global: {}\n")), "");
  EXPECT_NE(difference("global: {}\n", reported), "");
}

// A merge key of YAML: what a site's file holds is what it stands for.
TEST(ConfigMatchTest, ASitesEntriesAreCountedBehindItsMergeKeys) {
  const std::string base =
      "a: &a {alertmanagers: [{scheme: HTTP, x: 1}]}\nalerting: {<<: *a}\nscrape_configs: []\n";
  const std::string meant = "alerting: {alertmanagers: [{scheme: HTTP, x: 1}, {scheme: http}]}\n";
  const std::string reported =
      "alerting: {alertmanagers: [{scheme: other}, {scheme: http, timeout: 10s}]}\n";
  EXPECT_EQ(difference(meant, reported, base), "");
  EXPECT_NE(difference(meant, reported), "");
}

}  // namespace
}  // namespace promster
