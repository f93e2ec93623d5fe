#include "core/validate.h"

#include <gtest/gtest.h>

#include "core/render.h"

namespace promster {
namespace {

constexpr const char* kNoRules = "groups: []\n";

Settings settings() {
  Settings result;
  result.scrape.paths = {"/metrics", "/federate"};
  result.scrape.match_regex = "level1:.*";
  result.rules.push_back(
      {.number = 1, .name = "a:b", .expr = "sum(x)", .labels = {{"site", "s1"}}});
  return result;
}

std::string complaint(const std::string& config, const std::string& rules = kNoRules) {
  const auto result = validate_config({.prometheus_yml = config, .rules_yml = rules});
  return result ? "" : result.error().message;
}

// A small configuration with one thing put in place of another.
std::string with(const std::string& from, const std::string& to) {
  std::string text =
      "global: {scrape_interval: 5s, scrape_timeout: 3s, evaluation_interval: 5s}\n"
      "rule_files: [rules.yml]\n"
      "scrape_configs:\n"
      "- {job_name: a, metrics_path: /m, static_configs: []}\n"
      "- {job_name: b, static_configs: []}\n";
  const std::size_t found = text.find(from);
  EXPECT_NE(found, std::string::npos) << from;
  return text.replace(found, from.size(), to);
}

TEST(Validate, AcceptsWhatWeRender) {
  EXPECT_EQ(complaint(render_prometheus_yml(settings()), render_rules_yml(settings())), "");
  EXPECT_EQ(complaint(with("a", "a")), "");
}

TEST(Validate, RefusesWhatPromtoolLetsPass) {
  EXPECT_NE(complaint(""), "");
  EXPECT_NE(complaint("{}"), "");
  EXPECT_NE(complaint(with("rule_files", "remote_write: [{url: http://x}]\nrule_files"))
                .find("remote_write"),
            std::string::npos);
  Settings bad = settings();
  bad.scrape.match_regex = "level1:(";
  EXPECT_NE(complaint(render_prometheus_yml(bad)).find("match[]"), std::string::npos);
}

TEST(Validate, NamesThePlace) {
  EXPECT_EQ(complaint(with("job_name: b", "job_name: a")),
            "prometheus.yml: scrape_configs[1].job_name: \"a\" is there twice");
  EXPECT_EQ(complaint(with("scrape_timeout: 3s", "scrape_timeout: 6s")),
            "prometheus.yml: global.scrape_timeout: longer than scrape_interval");
  EXPECT_EQ(complaint(with("/m", "m")),
            "prometheus.yml: scrape_configs[0].metrics_path: must start with /");
  EXPECT_EQ(complaint(with("job_name: a", "job_name: ''")),
            "prometheus.yml: scrape_configs[0].job_name: empty");
  EXPECT_EQ(complaint(with("static_configs: []", "scheme: http")),
            "prometheus.yml: scrape_configs[0]: has no targets");
  EXPECT_NE(complaint(with("5s", "5 s")).find("global.scrape_interval"), std::string::npos);
  EXPECT_NE(complaint(with("5s", "0s")).find("longer than 0"), std::string::npos);
}

// A site may have what it likes; what is in neither its file nor our settings is still refused.
TEST(Validate, KnowsWhatTheSiteBrings) {
  const BaseConfig base{.file = "/etc/p.yml",
                        .text =
                            "remote_write: [{url: http://x}]\nglobal: {query_log_file: q}\n"
                            "scrape_configs: [{job_name: own, dns_sd_configs: [{names: [a]}]}]"};
  ApplyConfig config = render_config(settings(), base);
  ASSERT_EQ(config.fault, "");
  const auto words = [&config] {
    const auto valid = validate_config(config);
    return valid ? std::string() : valid.error().message;
  };
  EXPECT_EQ(words(), "");
  config.base.text = "scrape_configs: [{job_name: own}]\nglobal: {query_log_file: q}";
  EXPECT_NE(words().find("remote_write: not a key"), std::string::npos) << words();
  config.base.text = "remote_write: [{url: http://x}]\nglobal: {query_log_file: q}";
  EXPECT_NE(words().find("dns_sd_configs: not a key"), std::string::npos) << words();
  config.base.text = "remote_write: []\nscrape_configs: [{job_name: own}]";
  EXPECT_NE(words().find("query_log_file: not a key"), std::string::npos) << words();
}

TEST(Validate, LooksAtTheRules) {
  const std::string good = with("a", "a");
  EXPECT_EQ(complaint(good, "groups: [{name: g, rules: [{record: a b, expr: x}]}]"),
            "rules.yml: rules[0].record: not a metric name");
  EXPECT_EQ(complaint(good, "groups: [{name: g, rules: [{record: a, expr: ' '}]}]"),
            "rules.yml: rules[0].expr: empty");
  EXPECT_EQ(complaint(good, "groups: [{name: g, rules: [{record: a, expr: x, labels: {a-b: c}}]}]"),
            "rules.yml: rules[0].labels: not a label name");
  EXPECT_EQ(complaint(good, "groups: [{name: g, rules: [{alert: a b, expr: x, for: 5m}]}]"), "");
  EXPECT_NE(complaint(good, "groups: [{name: g, rules: [{alert: '', expr: x}]}]"), "");
  EXPECT_NE(complaint(good, "groups: [{name: g, rules: [{alert: a, record: b, expr: x}]}]"), "");
  EXPECT_EQ(
      complaint(good, "groups: [{name: g, rules: [{alert: a, expr: x, annotations: {a-b: c}}]}]"),
      "rules.yml: rules[0].annotations: not a label name");
  EXPECT_NE(complaint(good, "groups: [\n"), "");
  EXPECT_NE(complaint(good, ""), "");
}

}  // namespace
}  // namespace promster
