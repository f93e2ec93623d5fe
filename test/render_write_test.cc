// promster render --write: what a Prometheus needs that starts before its agent.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "base/process.h"
#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "prom/config_lock.h"
#include "prom/config_store.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

constexpr Duration kPatience{30'000};

struct Ran {
  int exit_code = -1;
  std::string text;  // standard output and error
};

class RenderWriteTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name) const { return config_ + "/" + name; }

  std::string content(const std::string& name) const {
    const auto text = read_file(file(name));
    return text ? *text : "none";
  }

  // No etcd is there: this must not need one.
  Ran run(const std::vector<std::string>& options) {
    std::vector<std::string> argv{PROMSTER_BINARY, "render"};
    argv.insert(argv.end(), options.begin(), options.end());
    const std::string output = dir_.file("output");
    fs::remove(output);
    auto process = Process::start({.argv = argv,
                                   .environment = {{"PROMSTER_PROMETHEUS_CONFIG_DIR", config_},
                                                   {"REGISTRY_ETCD_URL", "http://127.0.0.1:1"},
                                                   {"REGISTRY_SERVICE", "level1"},
                                                   {"SCRAPE_ETCD_PATH", "/webservers"},
                                                   {"RECORD_RULE_1_NAME", "level1:up"},
                                                   {"RECORD_RULE_1_EXPR", expression_}},
                                   .output_path = output,
                                   .own_group = true});
    EXPECT_TRUE(process.ok());
    const auto status = process->wait(kPatience);
    const auto text = read_file(output);
    return {status ? status->code : -1, text ? *text : ""};
  }

  void expect_prometheus_starts() {
    fs::create_directory(dir_.file("prometheus"));
    const auto prometheus = PrometheusServer::start(
        {.dir = dir_.file("prometheus"), .config_file = file("prometheus.yml")});
    EXPECT_TRUE(prometheus.ok()) << prometheus.error().message;
  }

  TempDir dir_ = *TempDir::make("render");
  std::string expression_ = "sum(up)";  // of the rule
  std::string config_ = dir_.file("config");
};

TEST_F(RenderWriteTest, WritesWhatPrometheusStartsWith) {
  const Ran ran = run({"--write"});
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  EXPECT_EQ(ran.text, file("sd/targets.json") + "\n" + file("rules.yml") + "\n" +
                          file("prometheus.yml") + "\n");
  EXPECT_NE(content("rules.yml").find("level1:up"), std::string::npos);
  expect_prometheus_starts();
}

// An agent that is not there yet cannot say what is wrong, and Prometheus would not start with it.
TEST_F(RenderWriteTest, WithoutRulesWhereTheyAreRefused) {
  expression_ = "sum(";
  const Ran ran = run({"--write"});
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  EXPECT_NE(ran.text.find("promster: the configuration is refused, and one without rules"),
            std::string::npos)
      << ran.text;
  EXPECT_NE(ran.text.find("promtool: "), std::string::npos) << ran.text;
  EXPECT_NE(ran.text.find(file("prometheus.yml") + "\n"), std::string::npos) << ran.text;
  EXPECT_EQ(content("rules.yml").find("level1:up"), std::string::npos);
  expect_prometheus_starts();
}

TEST_F(RenderWriteTest, KeepsWhatPrometheusCanStartWith) {
  ASSERT_EQ(run({"--write"}).exit_code, 0);
  const std::string config = content("prometheus.yml"), rules = content("rules.yml");
  expression_ = "sum(";
  const Ran ran = run({"--write"});
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  EXPECT_NE(ran.text.find("what is in " + config_ + " stays"), std::string::npos) << ran.text;
  EXPECT_EQ(content("prometheus.yml"), config);
  EXPECT_EQ(content("rules.yml"), rules);
  expect_prometheus_starts();
}

// What a crash may leave between a write and its refusal.
TEST_F(RenderWriteTest, PutsTheLastGoodOneBackWhereWhatIsThereIsRefused) {
  ASSERT_EQ(run({"--write"}).exit_code, 0);
  const std::string rules = content("rules.yml");
  ASSERT_TRUE(ConfigStore(config_).remember_good(
      {.prometheus_yml = content("prometheus.yml"), .rules_yml = rules}));
  std::ofstream(file("rules.yml")) << "groups: [{name: g, rules: [{record: a, expr: 'sum('}]}]";
  expression_ = "sum(";
  const Ran ran = run({"--write"});
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  EXPECT_NE(ran.text.find("is put back"), std::string::npos) << ran.text;
  EXPECT_TRUE(ran.text.ends_with("\n" + file("rules.yml") + "\n")) << ran.text;
  EXPECT_EQ(content("rules.yml"), rules);
  expect_prometheus_starts();
}

TEST_F(RenderWriteTest, LeavesTheTargetsOfAFormerRun) {
  ASSERT_EQ(run({"--write"}).exit_code, 0);
  const std::string none = content("sd/targets.json");
  EXPECT_EQ(none.find("10.0.0.1"), std::string::npos);
  EXPECT_NE(none, "none");
  const std::string former = R"([{"targets":["10.0.0.1:80"],"labels":{"prsn":"x"}}])";
  std::ofstream(file("sd/targets.json")) << former;
  fs::remove(file("rules.yml"));
  const Ran again = run({"--write"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.text, file("rules.yml") + "\n");
  EXPECT_EQ(content("sd/targets.json"), former);
}

TEST_F(RenderWriteTest, SaysWhatCannotBeWritten) {
  std::ofstream(config_) << "in the way";
  const Ran ran = run({"--write"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.text.find(config_), std::string::npos) << ran.text;
}

// What is not its own there is not touched: a file that it writes, what its promtool reads.
TEST_F(RenderWriteTest, LeavesAloneWhereAnAgentIsAtWork) {
  const auto agent = ConfigLock::take(config_);
  ASSERT_TRUE(agent) << agent.error().message;
  fs::create_directory(file(".promster-check"));
  const Ran ran = run({"--write"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.text.find("another promster is at work in " + config_), std::string::npos)
      << ran.text;
  EXPECT_EQ(ran.text.find("promster check"), std::string::npos) << ran.text;
  EXPECT_TRUE(fs::exists(file(".promster-check")));
  EXPECT_FALSE(fs::exists(file("prometheus.yml")));
}

// Before each start of Prometheus alone, while its agent runs on.
TEST_F(RenderWriteTest, IsFineWhereAnAgentKeepsTheFiles) {
  ASSERT_EQ(run({"--write"}).exit_code, 0);
  const std::string rules = content("rules.yml");
  const auto agent = ConfigLock::take(config_);
  ASSERT_TRUE(agent) << agent.error().message;
  expression_ = "sum(up) + 1";
  const Ran ran = run({"--write"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.text, "promster: another promster is at work in " + config_ +
                          ", and keeps the files there; nothing is written\n");
  EXPECT_EQ(content("rules.yml"), rules);
}

TEST_F(RenderWriteTest, IsNotADiff) {
  const Ran ran = run({"--write", "--diff"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.text.find("try: "), std::string::npos);
  EXPECT_FALSE(fs::exists(config_));
}

}  // namespace
}  // namespace promster
