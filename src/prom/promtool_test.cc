#include "prom/promtool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "cluster/temp_dir.h"

namespace promster {
namespace {

namespace fs = std::filesystem;
using Kind = PromtoolVerdict::Kind;

constexpr const char* kConfig = R"(
rule_files: ["rules.yml"]
scrape_configs: [{job_name: "a", file_sd_configs: [{files: ["sd/targets.json"]}]}]
)";
constexpr const char* kGoodRules =
    "groups: [{name: g, rules: [{record: 'a:b', expr: 'sum(up)'}]}]\n";
constexpr const char* kBadRules = "groups: [{name: g, rules: [{record: 'a:b', expr: 'sum('}]}]\n";

class PromtoolTest : public testing::Test {
 protected:
  // A program that stands in for promtool.
  std::string script(const std::string& body) const {
    const std::string file = tools_.file("promtool");
    std::ofstream(file) << "#!/bin/sh\n" << body << "\n";
    fs::permissions(file, fs::perms::owner_all);
    return file;
  }
  // How often the script, which adds a line to a file, ran.
  std::size_t runs() const {
    const auto text = read_file(tools_.file("runs"));
    return text ? static_cast<std::size_t>(std::ranges::count(*text, '\n')) : 0;
  }
  std::string counting(const std::string& body) const {
    return script("echo run >> '" + tools_.file("runs") + "'\n" + body);
  }

  TempDir dir_ = *TempDir::make("promster-promtool-test");
  TempDir tools_ = *TempDir::make("promster-promtool-test");
};

TEST_F(PromtoolTest, AgreesAndLeavesNothing) {
  Promtool promtool({.config_dir = dir_.path()});
  const auto verdict = promtool.check({kConfig, kGoodRules});
  ASSERT_TRUE(verdict) << verdict.error().message;
  EXPECT_EQ(verdict->kind, Kind::kAgrees) << verdict->words;
  EXPECT_TRUE(fs::is_empty(dir_.path()));
}

TEST_F(PromtoolTest, RefusesInItsOwnWordsAboutTheFilesMeant) {
  Promtool promtool({.config_dir = dir_.path()});
  const auto verdict = promtool.check({kConfig, kBadRules});
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->kind, Kind::kRefuses);
  EXPECT_TRUE(verdict->words.starts_with(dir_.file("rules.yml") + ": ")) << verdict->words;
  EXPECT_NE(verdict->words.find("unclosed left parenthesis"), std::string::npos) << verdict->words;
  EXPECT_EQ(verdict->words.find(".promster-check"), std::string::npos) << verdict->words;
  EXPECT_TRUE(fs::is_empty(dir_.path()));
}

TEST_F(PromtoolTest, SeesTheFilesOfTheSiteWhereTheyWillBe) {
  fs::create_directory(dir_.file("site"));
  std::ofstream(dir_.file("site/extra.yml")) << kBadRules;
  std::string with_site = kConfig;
  with_site.replace(with_site.find("\"rules.yml\""), 11, "\"rules.yml\", \"site/*.yml\"");
  Promtool promtool({.config_dir = dir_.path()});
  EXPECT_EQ(promtool.check({kConfig, kGoodRules})->kind, Kind::kAgrees);
  const auto verdict = promtool.check({with_site, kGoodRules});
  EXPECT_EQ(verdict->kind, Kind::kRefuses);
  EXPECT_NE(verdict->words.find("site/extra.yml"), std::string::npos) << verdict->words;
  EXPECT_TRUE(fs::exists(dir_.file("site/extra.yml")));
}

TEST_F(PromtoolTest, ChecksTheCandidatesAndNotWhatIsInPlace) {
  std::ofstream(dir_.file("rules.yml")) << kBadRules;
  std::ofstream(dir_.file("prometheus.yml")) << "garbage";
  Promtool promtool({.config_dir = dir_.path()});
  EXPECT_EQ(promtool.check({kConfig, kGoodRules})->kind, Kind::kAgrees);
  EXPECT_EQ(*read_file(dir_.file("prometheus.yml")), "garbage");
}

TEST_F(PromtoolTest, NotInstalledIsNoRefusal) {
  for (const char* program : {"", "/nowhere/promtool"}) {
    const auto verdict =
        Promtool({.config_dir = dir_.path(), .program = program}).check({kConfig, ""});
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->kind, Kind::kUnavailable);
    EXPECT_EQ(verdict->words, "promtool is not installed");
  }
}

TEST_F(PromtoolTest, HangingIsNoRefusal) {
  const std::string program = script("sleep 60 & sleep 60");
  const auto start = std::chrono::steady_clock::now();
  const auto verdict =
      Promtool({.config_dir = dir_.path(), .program = program, .limit = Duration(200)})
          .check({kConfig, kGoodRules});
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->kind, Kind::kUnavailable);
  EXPECT_NE(verdict->words.find("killed"), std::string::npos) << verdict->words;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(PromtoolTest, CrashingIsNoRefusal) {
  const auto verdict = Promtool({.config_dir = dir_.path(), .program = script("kill -SEGV $$")})
                           .check({kConfig, kGoodRules});
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->kind, Kind::kUnavailable);
  EXPECT_NE(verdict->words.find("signal 11"), std::string::npos) << verdict->words;
}

TEST_F(PromtoolTest, RemembersARefusalButNotForEver) {
  const std::string program = counting("echo no >&2; exit 1");
  Promtool promtool({.config_dir = dir_.path(), .program = program});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(promtool.check({kConfig, kBadRules})->words, "no");
  EXPECT_EQ(runs(), 1u);
  EXPECT_EQ(promtool.check({kConfig, kGoodRules})->kind, Kind::kRefuses);
  EXPECT_EQ(runs(), 2u);
  Promtool forgetful(
      {.config_dir = dir_.path(), .program = program, .memory_of_refusal = Duration(0)});
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(forgetful.check({kConfig, kBadRules})->kind, Kind::kRefuses);
  EXPECT_EQ(runs(), 4u);
}

// Who mended a file that the configuration names, and asks for a reload, is not answered from
// memory.
TEST_F(PromtoolTest, WhereAReloadIsAskedForItIsAskedAnew) {
  ApplyConfig config{"scrape_configs: [{job_name: a, authorization: {credentials_file: token}}]\n",
                     kGoodRules};
  Promtool promtool({.config_dir = dir_.path()});
  const auto verdict = promtool.check(config);
  ASSERT_EQ(verdict->kind, Kind::kRefuses);
  EXPECT_NE(verdict->words.find("token"), std::string::npos) << verdict->words;
  std::ofstream(dir_.file("token")) << "secret";
  EXPECT_EQ(promtool.check(config)->kind, Kind::kRefuses) << "from memory";
  config.force_reload = true;
  EXPECT_EQ(promtool.check(config)->kind, Kind::kAgrees);
}

TEST_F(PromtoolTest, SaysWhereItCannotStage) {
  const auto verdict = Promtool({.config_dir = "/proc/nowhere"}).check({kConfig, kGoodRules});
  ASSERT_FALSE(verdict);
  EXPECT_TRUE(
      verdict.error().message.starts_with("stage for promtool: make directory /proc/nowhere"))
      << verdict.error().message;
}

}  // namespace
}  // namespace promster
