#include "prom/executor.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/render.h"
#include "prom/executor_for_test.h"

namespace promster {
namespace {

namespace fs = std::filesystem;
using Kind = ConfigOutcome::Kind;

constexpr const char* kNoRules = "groups: []\n";
constexpr const char* kRules =
    "groups: [{name: env-rules, rules: [{record: 'a:b', expr: 'sum(up)'}]}]\n";
constexpr const char* kBadRules =
    "groups: [{name: env-rules, rules: [{record: 'a:b', expr: 'sum('}]}]\n";
constexpr const char* kSelf = "127.0.0.1:1";

// A job of targets from the file, in the form of our own configurations.
std::string config_with(const std::string& interval, const std::string& job_settings = "") {
  return "global: {scrape_interval: \"" + interval + "\", scrape_timeout: \"1s\", " +
         "evaluation_interval: \"20s\"}\nrule_files: [\"rules.yml\"]\nscrape_configs:\n" +
         "- {job_name: \"/metrics\", metrics_path: \"/metrics\", " + job_settings +
         "file_sd_configs: [{files: [\"sd/targets.json\"]}]}\n";
}

WriteTargets targets_at(const std::string& address) {
  return {.targets_json = R"([{"targets":[")" + address + R"("],"labels":{}}])", .targets = 1};
}

using Names = std::vector<std::string>;

TEST_F(ExecutorTest, AcceptsAndThenFindsNothingToDo) {
  start({config_with("10s"), kNoRules});
  Executor executor = this->executor();
  const ApplyConfig wanted{config_with("20s"), kRules};
  const auto first = apply(executor, wanted);
  EXPECT_EQ(first.kind, Kind::kAccepted) << first.reason;
  EXPECT_EQ(first.files_written, (Names{"rules.yml", "prometheus.yml"}));
  EXPECT_TRUE(first.reloaded);
  EXPECT_EQ(content("prometheus.yml"), wanted.prometheus_yml);
  EXPECT_EQ(content("rules.yml"), wanted.rules_yml);
  const double reloaded = last_reload();
  const auto second = apply(executor, wanted);
  EXPECT_EQ(second.kind, Kind::kUnchanged);
  EXPECT_EQ(second.files_written, Names{});
  EXPECT_FALSE(second.reloaded);
  EXPECT_EQ(last_reload(), reloaded);
}

// With our own validation, promtool, and a match of what Prometheus reports.
TEST_F(ExecutorTest, WhatWeRenderIsAccepted) {
  start({config_with("10s"), kNoRules});
  Settings settings;
  settings.prometheus.config_dir = dir_.path();
  settings.prometheus.url = server_->url();
  settings.scrape.paths = {"/metrics", "/federate", "/a \"b\": {yes} # 1e3 é"};
  settings.scrape.match_regex = "level1:.*|a\\.b\\\\\"";
  settings.scrape.interval = settings.scrape.timeout = std::chrono::seconds(90);
  Executor executor(ExecutorOptions::from(settings.prometheus), log_);
  for (const bool unusual : {false, true}) {
    settings.scrape.scheme = unusual ? "https" : "http";
    settings.scrape.tls_insecure = unusual;
    settings.scrape.follow_redirects = !unusual;
    if (unusual) settings.rules = {{.number = 1, .name = "a:b", .expr = "sum(up{a=\"b\"})"}};
    const auto outcome =
        apply(executor, {render_prometheus_yml(settings), render_rules_yml(settings)});
    EXPECT_EQ(outcome.kind, Kind::kAccepted) << outcome.who << ": " << outcome.reason;
  }
}

TEST_F(ExecutorTest, WritesOnlyTheFileThatChanged) {
  start({config_with("10s"), kNoRules});
  Executor executor = this->executor();
  const auto outcome = apply(executor, {config_with("10s"), kRules});
  EXPECT_EQ(outcome.kind, Kind::kAccepted) << outcome.reason;
  EXPECT_EQ(outcome.files_written, Names{"rules.yml"});
}

TEST_F(ExecutorTest, ReloadsWhereItIsToldTo) {
  const ApplyConfig config{config_with("10s"), kRules};
  start(config);
  Executor executor = this->executor();
  ASSERT_EQ(apply(executor, config).kind, Kind::kAccepted);
  const double before = last_reload();
  ApplyConfig again = config;
  again.force_reload = true;
  const auto outcome = apply(executor, again);
  EXPECT_EQ(outcome.kind, Kind::kAccepted);
  EXPECT_TRUE(outcome.reloaded);
  EXPECT_GT(last_reload(), before);
}

TEST_F(ExecutorTest, ReplacesWhatSomebodyElseWrote) {
  const ApplyConfig config{config_with("10s"), kRules};
  start(config);
  Executor executor = this->executor();
  ASSERT_EQ(apply(executor, config).kind, Kind::kAccepted);
  std::ofstream(path("prometheus.yml")) << "garbage";
  const auto outcome = apply(executor, config);
  EXPECT_EQ(outcome.kind, Kind::kAccepted) << outcome.reason;
  EXPECT_EQ(content("prometheus.yml"), config.prometheus_yml);
}

TEST_F(ExecutorTest, WhatWeRefuseIsNotWritten) {
  start({config_with("10s"), kNoRules});
  ExecutorOptions strict = options(server_->url());
  strict.validate = [](const ApplyConfig&) { return Result<void>(Error{"scrape_configs: empty"}); };
  Executor executor(strict, log_);
  const double before = last_reload();
  const auto outcome = apply(executor, {config_with("20s"), kRules});
  EXPECT_EQ(outcome.kind, Kind::kRejected);
  EXPECT_EQ(outcome.who, "promster");
  EXPECT_EQ(outcome.reason, "scrape_configs: empty");
  EXPECT_EQ(content("prometheus.yml"), config_with("10s"));
  EXPECT_EQ(last_reload(), before);
}

TEST_F(ExecutorTest, WhatPromtoolRefusesIsNotWritten) {
  start({config_with("10s"), kRules});
  Executor executor = this->executor();
  const double before = last_reload();
  const auto outcome = apply(executor, {config_with("20s"), kBadRules});
  EXPECT_EQ(outcome.kind, Kind::kRejected);
  EXPECT_EQ(outcome.who, "promtool");
  EXPECT_TRUE(outcome.reason.starts_with(path("rules.yml"))) << outcome.reason;
  EXPECT_NE(outcome.reason.find("unclosed left parenthesis"), std::string::npos) << outcome.reason;
  EXPECT_EQ(outcome.files_written, Names{});
  EXPECT_FALSE(outcome.reloaded);
  EXPECT_EQ(content("prometheus.yml"), config_with("10s"));
  EXPECT_EQ(content("rules.yml"), kRules);
  EXPECT_EQ(last_reload(), before);
}

// semantics.md, fact 3: part of a refused configuration is in use until the old one is loaded
// again.
TEST_F(ExecutorTest, WhatOnlyPrometheusRefusesIsRolledBackAndLoaded) {
  const ApplyConfig good{config_with("1s"), kRules};
  start(good);
  Executor executor = this->executor();
  const Outcome before =
      executor.execute({.config = good, .targets = targets_at(server_->address())});
  ASSERT_EQ(before.config->kind, Kind::kAccepted) << before.config->reason;
  const auto scraping = wait_until_scraping(server_->address());
  ASSERT_TRUE(scraping) << scraping.error().message;
  // promtool does not look for the certificate.
  const std::string bad = config_with("1s", "tls_config: {ca_file: \"missing.pem\"}, ");
  const auto outcome = apply(executor, {bad, kRules});
  EXPECT_EQ(outcome.kind, Kind::kRejected);
  EXPECT_EQ(outcome.who, "prometheus");
  EXPECT_NE(outcome.reason.find("HTTP 500: failed to reload config"), std::string::npos)
      << outcome.reason;
  EXPECT_EQ(content("prometheus.yml"), good.prometheus_yml);
  EXPECT_EQ(content("rules.yml"), good.rules_yml);
  EXPECT_TRUE(api().runtime_info()->reload_success);
  EXPECT_EQ(api().config_yaml()->find("missing.pem"), std::string::npos);
  const auto again = wait_until_scraping(server_->address());
  EXPECT_TRUE(again) << again.error().message;
  EXPECT_EQ(apply(executor, good).kind, Kind::kUnchanged);
}

TEST_F(ExecutorTest, RollsBackToWhatWasThereBeforeItsFirstTry) {
  start({config_with("1s"), kRules});
  ExecutorOptions unchecked = options(server_->url());
  unchecked.promtool.program = "";
  Executor executor(unchecked, log_);
  const auto outcome = apply(executor, {config_with("2s"), kBadRules});
  EXPECT_EQ(outcome.kind, Kind::kRejected);
  EXPECT_EQ(outcome.who, "prometheus");
  EXPECT_EQ(content("rules.yml"), kRules);
  EXPECT_EQ(content("prometheus.yml"), config_with("1s"));
  EXPECT_TRUE(api().runtime_info()->reload_success);
}

// A crash between the replacement and the refusal: the next run finds the refused files on disk.
TEST_F(ExecutorTest, TheLastGoodConfigurationOutlivesTheProcess) {
  const ApplyConfig good{config_with("1s"), kRules};
  const ApplyConfig bad{config_with("1s"), kBadRules};
  start(good);
  ExecutorOptions unchecked = options(server_->url());
  unchecked.promtool.program = "";
  {
    Executor executor(unchecked, log_);
    ASSERT_EQ(apply(executor, good).kind, Kind::kAccepted);
  }
  ASSERT_TRUE(replace_file(path("rules.yml"), bad.rules_yml));
  Executor executor(unchecked, log_);
  EXPECT_EQ(apply(executor, bad).kind, Kind::kRejected);
  EXPECT_EQ(content("rules.yml"), good.rules_yml);
  EXPECT_TRUE(api().runtime_info()->reload_success);
}

TEST_F(ExecutorTest, ADownPrometheusLeavesItPendingAndAcceptsWhenItComes) {
  start({config_with("10s"), kNoRules});
  server_->kill();
  Executor executor = this->executor();
  const ApplyConfig wanted{config_with("20s"), kRules};
  auto outcome = apply(executor, wanted);
  EXPECT_EQ(outcome.kind, Kind::kPending);
  EXPECT_NE(outcome.reason.find("Connection refused"), std::string::npos) << outcome.reason;
  EXPECT_EQ(outcome.files_written.size(), 2u);
  EXPECT_EQ(content("prometheus.yml"), wanted.prometheus_yml);
  outcome = apply(executor, wanted);
  EXPECT_EQ(outcome.kind, Kind::kPending);
  EXPECT_EQ(outcome.files_written, Names{});
  ASSERT_TRUE(server_->restart());
  outcome = apply(executor, wanted);
  EXPECT_EQ(outcome.kind, Kind::kAccepted) << outcome.reason;
  EXPECT_EQ(outcome.files_written, Names{});
  EXPECT_EQ(apply(executor, wanted).kind, Kind::kUnchanged);
}

TEST_F(ExecutorTest, WithTheLifecycleOffItSignals) {
  start({config_with("10s"), kNoRules}, /*lifecycle=*/false);
  Executor executor = this->executor();
  const auto outcome = apply(executor, {config_with("20s"), kRules});
  EXPECT_EQ(outcome.kind, Kind::kAccepted) << outcome.reason;
  EXPECT_NE(api().config_yaml()->find("scrape_interval: 20s"), std::string::npos);
  ExecutorOptions unchecked = options(server_->url());
  unchecked.promtool.program = "";
  Executor reckless(unchecked, log_);
  EXPECT_EQ(apply(reckless, {config_with("20s"), kBadRules}).kind, Kind::kRejected);
  EXPECT_EQ(content("rules.yml"), kRules);
  EXPECT_TRUE(api().runtime_info()->reload_success);
}

TEST_F(ExecutorTest, TargetsCauseNoReload) {
  const ApplyConfig config{config_with("1s"), kNoRules};
  start(config);
  Executor executor = this->executor();
  ASSERT_EQ(apply(executor, config).kind, Kind::kAccepted);
  const double before = last_reload();
  const auto outcome = executor.execute({.targets = targets_at(kSelf)});
  EXPECT_FALSE(outcome.config);
  ASSERT_TRUE(outcome.targets && outcome.targets->written.ok());
  EXPECT_TRUE(*outcome.targets->written);
  EXPECT_FALSE(*executor.execute({.targets = targets_at(kSelf)}).targets->written);
  const auto scraping = wait_until_scraping(kSelf);
  EXPECT_TRUE(scraping) << scraping.error().message;
  EXPECT_EQ(last_reload(), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(path("sd")), {}), 1);
}

TEST_F(ExecutorTest, APrometheusThatReadsOtherFilesIsARefusal) {
  const TempDir elsewhere = *TempDir::make("promster-executor-test");
  auto server = PrometheusServer::start({.dir = elsewhere.path()});
  ASSERT_TRUE(server) << server.error().message;
  Executor executor(options(server->url()), log_);
  const auto outcome = apply(executor, {config_with("20s"), kRules});
  EXPECT_EQ(outcome.kind, Kind::kRejected);
  EXPECT_EQ(outcome.who, "prometheus");
  EXPECT_NE(outcome.reason.find(path("prometheus.yml")), std::string::npos) << outcome.reason;
  EXPECT_NE(outcome.reason.find("global.scrape_interval: Prometheus has 1m"), std::string::npos)
      << outcome.reason;
  EXPECT_EQ(content("prometheus.yml"), "(none)");
}

}  // namespace
}  // namespace promster
