#include "core/base_config.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "core/render.h"
#include "core/yaml_tree.h"

namespace promster {
namespace {

BaseConfig base_of(std::string text) {
  return {.file = "/etc/prometheus/prometheus.yml", .text = std::move(text)};
}

const char* const kOurs =
    "global: {scrape_interval: \"5s\", external_labels: {node: \"n1\"}}\n"
    "rule_files: [\"rules.yml\"]\n"
    "scrape_configs: [{job_name: \"prometheus\"}, {job_name: \"/metrics\"}]\n"
    "remote_write: [{url: \"http://rw/write\"}]\n";

std::string merged(const std::string& text) {
  const auto result = merge_into_base(base_of(text), kOurs);
  return result ? *result : result.error().message;
}

YamlTree merged_tree(const std::string& text) {
  auto tree = read_yaml(merged(text));
  EXPECT_TRUE(tree) << merged(text);
  return tree ? *tree : YamlTree();
}

TEST(BaseConfig, MapsAreMergedAndListsAppended) {
  EXPECT_EQ(merged(R"(
global:
  scrape_interval: 1m
  query_log_file: queries.log
  external_labels: {site: s1, node: theirs}
rule_files: [own/*.yml, /abs.yml]
scrape_configs:
- job_name: blackbox
  file_sd_configs: [{files: [t/*.json]}]
  tls_config: {ca_file: ca.pem}
  params: {ca_file: [x]}
remote_write:
- url: https://other/write
  basic_auth: {username: u, password_file: pw}
tracing: {endpoint: "localhost:1", insecure: yes}
)"),
            R"(# Written by promster; changes here are overwritten.
global:
  scrape_interval: "5s"
  query_log_file: "/etc/prometheus/queries.log"
  external_labels:
    site: s1
    node: "n1"
rule_files:
  - "/etc/prometheus/own/*.yml"
  - /abs.yml
  - "rules.yml"
scrape_configs:
  - job_name: blackbox
    file_sd_configs:
      - files:
          - "/etc/prometheus/t/*.json"
    tls_config:
      ca_file: "/etc/prometheus/ca.pem"
    params:
      ca_file:
        - x
  - job_name: "prometheus"
  - job_name: "/metrics"
remote_write:
  - url: https://other/write
    basic_auth:
      username: u
      password_file: "/etc/prometheus/pw"
  - url: "http://rw/write"
tracing:
  endpoint: "localhost:1"
  insecure: yes
)");
}

TEST(BaseConfig, EmptySectionsAreOurs) {
  const YamlTree tree = merged_tree("global:\nrule_files: ~\nscrape_configs: []\n");
  EXPECT_EQ(tree.find("global")->map.size(), 2u);
  EXPECT_EQ(tree.find("rule_files")->list.size(), 1u);
  EXPECT_EQ(tree.find("scrape_configs")->list.size(), 2u);
}

TEST(BaseConfig, ANameThatBothHaveIsAnErrorThatNamesBoth) {
  EXPECT_EQ(merged("scrape_configs:\n- job_name: a\n- job_name: prometheus\n"),
            "/etc/prometheus/prometheus.yml: line 3: job_name \"prometheus\" is also the name of a "
            "job that promster writes; try: another name, or leave this job out");
  EXPECT_EQ(merged("remote_write:\n- url: http://rw/write\n"),
            "/etc/prometheus/prometheus.yml: line 2: url \"http://rw/write\" is also "
            "REMOTE_WRITE_URL (--prometheus.remote-write-url); try: keep one of them");
}

TEST(BaseConfig, WhatIsNoConfigurationIsRefusedWithFileAndLine) {
  EXPECT_EQ(merged("").substr(0, 46), "/etc/prometheus/prometheus.yml: holds nothing;");
  EXPECT_EQ(merged("- a"),
            "/etc/prometheus/prometheus.yml: line 1: is no configuration of Prometheus");
  EXPECT_EQ(merged("\nglobal: [a]"), "/etc/prometheus/prometheus.yml: line 2: global is no map");
  EXPECT_EQ(merged("a: 1\nscrape_configs: {}"),
            "/etc/prometheus/prometheus.yml: line 2: scrape_configs is no list");
  EXPECT_EQ(merged("a: 1\na: 2").substr(0, 39), "/etc/prometheus/prometheus.yml: line 2:");
}

TEST(BaseConfig, SaysWhatTheRestMustKnow) {
  const auto facts = read_base_config(
      base_of("global: {scrape_interval: 1m30s}\nrule_files: [a.yml, '../b/*.yml']"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->scrape_interval, Duration(90'000));
  EXPECT_EQ(facts->scrape_timeout, std::nullopt);
  EXPECT_EQ(facts->rule_files, (std::vector<std::string>{"/etc/prometheus/a.yml", "/etc/b/*.yml"}));
  const auto bad = read_base_config(base_of("global:\n  scrape_interval: soon\n"));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message.substr(0, 62),
            "/etc/prometheus/prometheus.yml: line 2: global.scrape_interval");
}

TEST(BaseConfig, AnIntervalThatCountsIsReadAtTheStartOnly) {
  const BaseConfig before = base_of("global: {scrape_interval: 60s}");
  const std::vector<std::string> names{"scrape_interval", "evaluation_interval"};
  const auto words = [&](const char* text) {
    const auto same = same_intervals(before, base_of(text), names);
    return same ? "" : same.error().message;
  };
  EXPECT_EQ(words("global: {scrape_interval: 1m, scrape_timeout: 2s}"), "");
  EXPECT_NE(words("global: {scrape_interval: 2m}").find("restart promster"), std::string::npos);
  EXPECT_NE(words("storage: {}").find("global.scrape_interval"), std::string::npos);
  EXPECT_NE(words("global: {scrape_interval: 1m, evaluation_interval: 5s}").find("evaluation"),
            std::string::npos);
}

// Some section of a site: any name that is not ours, any value.
rc::Gen<std::map<std::string, std::string>> sections() {
  const auto value = rc::gen::element<std::string>(
      "yes", "1e3", "\"yes\"", "[1, '2']", "{a: {b: c}}", "~", "0777", "{password_x: 'p#:'}");
  const auto name =
      rc::gen::element<std::string>("storage", "tracing", "alerting", "remote_read", "z");
  return rc::gen::container<std::map<std::string, std::string>>(name, value);
}

RC_GTEST_PROP(BaseConfig, KeepsWhateverIsNotOurs, ()) {
  std::string text = "global: {external_labels: {a: 1}}\n";
  for (const auto& [name, value] : *sections()) text += name + ": " + value + "\n";
  const auto before = read_yaml(text);
  RC_ASSERT(before.ok());
  const auto result = merge_into_base(base_of(text), kOurs);
  RC_ASSERT(result.ok());
  const auto after = read_yaml(*result);
  RC_ASSERT(after.ok());
  for (const auto& [key, value] : before->map) {
    RC_ASSERT(after->find(key.text) != nullptr);
    if (key.text != "global") RC_ASSERT(after->find(key.text)->same(value));
  }
  RC_ASSERT(after->find("global")->find("external_labels")->find("a")->text == "1");
  RC_ASSERT(*merge_into_base(base_of(text), kOurs) == *result);
  // Merging nothing changes nothing, once what is relative is absolute.
  const auto again = merge_into_base(base_of(*result), "{}");
  RC_ASSERT(*merge_into_base(base_of(*again), "{}") == *again);
}

}  // namespace
}  // namespace promster
