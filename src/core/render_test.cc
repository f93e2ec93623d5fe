#include "core/render.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <yaml-cpp/yaml.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/process.h"

namespace promster {
namespace {

// A node of level 2 in the original's documentation.
Settings level2() {
  Settings settings;
  settings.scrape.paths = {"/federate"};
  settings.scrape.match_regex = "level1:.*";
  settings.scrape.interval = std::chrono::seconds(5);
  settings.scrape.timeout = std::chrono::seconds(3);
  settings.evaluation_interval = std::chrono::seconds(20);
  settings.registry.advertise_address = "10.0.0.3:9090";
  settings.rules.push_back({.number = 1,
                            .name = "total:http_requests_app_total:irate",
                            .expr = "sum(level1:http_requests_app_total:irate)",
                            .labels = {{"site", "s1"}}});
  return settings;
}

constexpr const char* kLevel2Config = R"yaml(# Written by promster; changes here are overwritten.
global:
  scrape_interval: "5s"
  scrape_timeout: "3s"
  evaluation_interval: "20s"
rule_files:
  - "rules.yml"
scrape_configs:
  - job_name: "prometheus"
    static_configs:
      - targets:
          - "127.0.0.1:9090"
    metric_relabel_configs:
      - source_labels:
          - "__name__"
        regex: "prometheus_.*"
        target_label: "instance"
        replacement: "10.0.0.3:9090"
  - job_name: "promster"
    honor_labels: true
    scrape_interval: "1s"
    scrape_timeout: "1s"
    static_configs:
      - targets:
          - "127.0.0.1:9096"
        labels:
          instance: "10.0.0.3:9090"
  - job_name: "/federate"
    honor_timestamps: false
    params:
      match[]:
        - "{__name__=~\"level1:.*\"}"
    metrics_path: "/federate"
    scheme: "http"
    file_sd_configs:
      - files:
          - "sd/targets.json"
    metric_relabel_configs:
      - source_labels:
          - "exported_prsn"
        regex: "(.+)"
        target_label: "prsn"
      - regex: "exported_(exported_)+prsn"
        action: "labeldrop"
)yaml";

constexpr const char* kLevel2Rules = R"yaml(# Written by promster; changes here are overwritten.
groups:
  - name: "env-rules-21735"
    rules:
      - record: "total:http_requests_app_total:irate"
        expr: "sum((level1:http_requests_app_total:irate unless on (job, instance) promster_foreign_target))"
        labels:
          "site": "s1"
)yaml";

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "promster-render-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    std::filesystem::create_directory(path_ / "sd");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  void write(std::string_view file, const std::string& content) const {
    std::ofstream(path_ / file) << content;
  }
  std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// promtool's verdict on what we render; empty where it has nothing to say.
std::string promtool(const Settings& settings) {
  const Folder folder;
  folder.write(kPrometheusFile, render_prometheus_yml(settings));
  folder.write(kRulesFile, render_rules_yml(settings));
  folder.write(kTargetsFile, render_targets_json({}));
  const auto checked = run_program({"promtool", "check", "config", folder.file(kPrometheusFile)},
                                   std::chrono::seconds(60));
  if (!checked) return checked.error().message;
  return checked->status.code == 0 ? "" : checked->text;
}

std::string job_text(const Settings& settings, const std::string& job, const char* key) {
  for (const auto& one : YAML::Load(render_prometheus_yml(settings))["scrape_configs"]) {
    if (one["job_name"].Scalar() == job) return one[key] ? YAML::Dump(one[key]) : "-";
  }
  return "no such job";
}

TEST(Render, PrometheusYmlIsAsWritten) {
  EXPECT_EQ(render_prometheus_yml(level2()), kLevel2Config);
}

TEST(Render, RulesYmlIsAsWritten) {
  EXPECT_EQ(render_rules_yml(level2()), kLevel2Rules);
}

TEST(Render, PromtoolAcceptsIt) {
  EXPECT_EQ(promtool(level2()), "");
  EXPECT_EQ(promtool(Settings{}), "");
  Settings other = level2();
  other.scrape.paths = {"/metrics", "/other"};
  other.scrape.scheme = "https";
  other.scrape.tls_insecure = true;
  other.scrape.follow_redirects = false;
  other.prometheus.url = "https://[::1]:9443/prom";
  other.web.listen_address = "[::]:9097";
  other.web.route_prefix = "/promster";
  EXPECT_EQ(promtool(other), "");
}

TEST(Render, AlertsAreAGroupOfTheirOwnAndGuarded) {
  Settings settings = level2();
  settings.rules.clear();
  settings.alerts = {{.number = 1,
                      .name = "Target down",
                      .expr = "up == 0",
                      .after = std::chrono::seconds(90),
                      .labels = {{"severity", "page"}},
                      .annotations = {{"summary", "{{ $labels.instance }}"}}},
                     {.number = 2, .name = "b", .expr = "rate(x[5m]) > 1", .guard = false}};
  const YAML::Node group = YAML::Load(render_rules_yml(settings))["groups"][0];
  EXPECT_EQ(group["name"].Scalar().substr(0, 11), "env-alerts-");
  const YAML::Node first = group["rules"][0], second = group["rules"][1];
  EXPECT_EQ(first["alert"].Scalar(), "Target down");
  EXPECT_EQ(first["expr"].Scalar(), "(up unless on (job, instance) promster_foreign_target) == 0");
  EXPECT_EQ(first["for"].Scalar(), "1m30s");
  EXPECT_EQ(first["labels"]["severity"].Scalar(), "page");
  EXPECT_EQ(first["annotations"]["summary"].Scalar(), "{{ $labels.instance }}");
  EXPECT_EQ(second["expr"].Scalar(), "rate(x[5m]) > 1");
  EXPECT_FALSE(second["for"]);
  EXPECT_TRUE(any_rule_guarded(settings));
  EXPECT_EQ(longest_guarded_range(settings), Duration::zero());
  EXPECT_EQ(longest_range(settings), std::chrono::minutes(5));
  EXPECT_EQ(promtool(settings), "");
}

TEST(Render, WhereAlertsAndSamplesGo) {
  Settings settings = level2();
  settings.registry.service = "s";
  settings.prometheus.alertmanager_urls = {"https://am:9093/x", "http://[::1]"};
  settings.prometheus.remote_write_url = "https://rw/write?a=b";
  settings.prometheus.external_labels = {{"id", "%{service}/%{node}/%{node}"}};
  const YAML::Node config = YAML::Load(render_prometheus_yml(settings));
  EXPECT_EQ(config["global"]["external_labels"]["id"].Scalar(), "s/10.0.0.3:9090/10.0.0.3:9090");
  const YAML::Node managers = config["alerting"]["alertmanagers"];
  ASSERT_EQ(managers.size(), 2u);
  EXPECT_EQ(managers[0]["scheme"].Scalar(), "https");
  EXPECT_EQ(managers[0]["path_prefix"].Scalar(), "/x");
  EXPECT_EQ(managers[0]["static_configs"][0]["targets"][0].Scalar(), "am:9093");
  EXPECT_EQ(managers[1]["static_configs"][0]["targets"][0].Scalar(), "[::1]:80");
  EXPECT_EQ(config["remote_write"][0]["url"].Scalar(), "https://rw/write?a=b");
  EXPECT_EQ(promtool(settings), "");
}

TEST(Render, NoRulesAreNoRules) {
  Settings settings = level2();
  settings.rules.clear();
  EXPECT_EQ(YAML::Load(render_rules_yml(settings))["groups"].size(), 0u);
  EXPECT_EQ(longest_guarded_range(settings), Duration::zero());
}

TEST(Render, TheGuardCanBeTurnedOff) {
  Settings all = level2();
  all.rules_guard = false;
  EXPECT_EQ(render_rules_yml(all).find("promster_foreign_target"), std::string::npos);
  Settings one = level2();
  one.rules.push_back({.number = 2, .name = "a:b", .expr = "sum(rate(x[3m]))", .guard = false});
  const YAML::Node rules = YAML::Load(render_rules_yml(one))["groups"][0]["rules"];
  EXPECT_NE(rules[0]["expr"].Scalar().find("promster_foreign_target"), std::string::npos);
  EXPECT_EQ(rules[1]["expr"].Scalar(), "sum(rate(x[3m]))");
  EXPECT_EQ(longest_guarded_range(one), Duration::zero());
  one.rules[1].guard = true;
  EXPECT_EQ(longest_guarded_range(one), std::chrono::minutes(3));
}

TEST(Render, MatchGoesToFederatePathsWhereThereAreAny) {
  Settings settings = level2();
  settings.scrape.paths = {"/metrics", "/prom/federate"};
  EXPECT_EQ(job_text(settings, "/metrics", "params"), "-");
  EXPECT_NE(job_text(settings, "/prom/federate", "params"), "-");
  EXPECT_EQ(job_text(settings, "/prom/federate", "honor_timestamps"), "false");
  settings.scrape.paths = {"/metrics", "/other"};
  EXPECT_NE(job_text(settings, "/metrics", "params"), "-");
  EXPECT_EQ(job_text(settings, "/metrics", "honor_timestamps"), "-");
}

TEST(Render, ARegexIsQuotedHoweverItIsSpelled) {
  const auto selector = [](const std::string& regex) {
    Settings settings = level2();
    settings.scrape.match_regex = regex;
    return YAML::Load(render_prometheus_yml(settings))["scrape_configs"][2]["params"]["match[]"][0]
        .Scalar();
  };
  EXPECT_EQ(selector(R"(a\.b)"), R"({__name__=~"a\\.b"})");
  EXPECT_EQ(selector(R"(a\\.b)"), R"({__name__=~"a\\.b"})") << "doubled, as the original wanted it";
  EXPECT_EQ(selector(R"(a"} or {b=~"c)"), R"({__name__=~"a\"} or {b=~\"c"})");
}

TEST(Render, TargetsAreGroupedByLabels) {
  const std::vector<Target> targets{
      {.key = "1", .address = "b:2", .labels = {{"prsn", "y"}}},
      {.key = "2", .address = "a:1", .labels = {{"prsn", "x"}, {"site", "\"s\\1\""}}},
      {.key = "3", .address = "a:1", .labels = {{"prsn", "y"}}},
      {.key = "4", .address = "a:1", .labels = {{"prsn", "y"}}}};
  std::vector<const Target*> pointers;
  for (const Target& target : targets) pointers.push_back(&target);
  constexpr const char* kExpected = R"([
  {"labels": {"prsn": "x", "site": "\"s\\1\""}, "targets": [
    "a:1"]},
  {"labels": {"prsn": "y"}, "targets": [
    "a:1",
    "b:2"]}
]
)";
  EXPECT_EQ(render_targets_json(pointers), kExpected);
  std::ranges::reverse(pointers);
  EXPECT_EQ(render_targets_json(pointers), kExpected);
}

TEST(Render, WithoutTargetsThereIsOneEmptyGroup) {
  const auto groups = nlohmann::json::parse(render_targets_json({}));
  EXPECT_EQ(groups, nlohmann::json::parse(R"([{"labels": {}, "targets": []}])"));
}

std::string text_of(const std::vector<char32_t>& points) {
  std::string text;
  for (const char32_t c : points) {
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else if (c < 0x800) {
      text += {static_cast<char>(0xc0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3f))};
    } else if (c < 0x10000) {
      text += {static_cast<char>(0xe0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3f)),
               static_cast<char>(0x80 | (c & 0x3f))};
    } else {
      text += {static_cast<char>(0xf0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3f)),
               static_cast<char>(0x80 | ((c >> 6) & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
    }
  }
  return text;
}

// Any text of a user comes back from another parser as it went in, and adds nothing to the file.
RC_GTEST_PROP(Render, UserTextIsOnlyText, ()) {
  const auto point = rc::gen::oneOf(
      rc::gen::elementOf(
          std::u32string(U"\"'\\\n\r\t:#-{}[]&*!|>%@`~,? \u0085\u2028\u2029\ufeff\U0001f600")),
      rc::gen::map(rc::gen::inRange(1, 0xd800), [](int c) { return static_cast<char32_t>(c); }));
  const std::string text = text_of(*rc::gen::container<std::vector<char32_t>>(point));
  Settings settings = level2();
  settings.rules_guard = false;
  settings.rules[0].expr = text;
  settings.rules[0].labels = {{"site", text}};
  const YAML::Node rules = YAML::Load(render_rules_yml(settings));
  RC_ASSERT(rules.size() == 1u);
  const YAML::Node rule = rules["groups"][0]["rules"][0];
  RC_ASSERT(rule.size() == 3u);
  RC_ASSERT(rule["expr"].Scalar() == text);
  RC_ASSERT(rule["labels"]["site"].Scalar() == text);
  const Target target{.key = "k", .address = "a:1", .labels = {{"site", text}}};
  const Target* const one = &target;
  const auto groups = nlohmann::json::parse(render_targets_json({&one, 1}));
  RC_ASSERT(groups.size() == 1u);
  RC_ASSERT(groups[0]["labels"] == nlohmann::json({{"site", text}}));
}

}  // namespace
}  // namespace promster
