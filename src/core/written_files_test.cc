#include "core/written_files.h"

#include <gtest/gtest.h>

#include "core/render.h"

namespace promster {
namespace {

using Kind = ConfigOutcome::Kind;

const ApplyConfig kOld{.prometheus_yml = "a: 1\nb: old\nz: 1\n", .rules_yml = "groups: []\n"};
const ApplyConfig kNew{.prometheus_yml = "a: 1\nb: new\nz: 1\n", .rules_yml = "groups: []\n"};
const ConfigOutcome kAccepted{
    .kind = Kind::kAccepted, .files_written = {"prometheus.yml"}, .reloaded = true};
const ConfigOutcome kPending{
    .kind = Kind::kPending, .who = "prometheus", .reason = "connection refused"};
const ConfigOutcome kRefused{.kind = Kind::kRejected, .who = "promtool", .reason = "line 3"};

WrittenFiles files() {
  return WrittenFiles({.prometheus_yml = kOld.prometheus_yml, .rules_yml = kOld.rules_yml});
}

std::string content(const WrittenFiles& files, std::string_view name) {
  for (const ShownFile& file : files.shown()) {
    if (file.name == name) return file.content ? *file.content : "(none)";
  }
  return "(unknown)";
}

TEST(ConfigDiff, NamesTheFilesThatDiffer) {
  EXPECT_EQ(config_diff(kOld, kOld), "");
  EXPECT_EQ(config_diff(kOld, kNew),
            "--- prometheus.yml\n+++ prometheus.yml\n a: 1\n-b: old\n+b: new\n z: 1\n");
  EXPECT_EQ(config_diff({}, {.prometheus_yml = "a: 1\n", .rules_yml = "b\n"}),
            "--- prometheus.yml\n+++ prometheus.yml\n+a: 1\n--- rules.yml\n+++ rules.yml\n+b\n");
}

TEST(WrittenFiles, SecretsAreShownNowhere) {
  const ApplyConfig one{.prometheus_yml = "a:\n  password: hunter1\n"};
  const ApplyConfig two{.prometheus_yml = "a:\n  password: hunter2\n"};
  EXPECT_EQ(config_diff(one, two), "prometheus.yml: only secrets or comments differ\n");
  EXPECT_EQ(config_diff({}, one).find("hunter"), std::string::npos);
  WrittenFiles files({.prometheus_yml = one.prometheus_yml});
  EXPECT_EQ(content(files, kPrometheusFile), "a:\n  password: <secret>\n");
  files.config_tried(two, kAccepted, 100);
  EXPECT_EQ(content(files, kPrometheusFile), "a:\n  password: <secret>\n");
}

TEST(WrittenFiles, WhatAFormerRunLeftIsShownWithoutATime) {
  const WrittenFiles before = files();
  EXPECT_EQ(content(before, kPrometheusFile), kOld.prometheus_yml);
  EXPECT_EQ(content(before, kTargetsFile), "(none)");
  EXPECT_EQ(before.shown()[0].written, 0);
}

TEST(WrittenFiles, AnAcceptedConfigurationIsToldAgainstTheOneBefore) {
  WrittenFiles tried = files();
  const auto record = tried.config_tried(kNew, kAccepted, 100);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->result, "accepted");
  EXPECT_EQ(record->time, 100);
  EXPECT_EQ(record->diff, config_diff(kOld, kNew));
  EXPECT_EQ(record->files_written, (std::vector<std::string>{"prometheus.yml"}));
  EXPECT_TRUE(record->reloaded);
  EXPECT_EQ(content(tried, kPrometheusFile), kNew.prometheus_yml);
  EXPECT_EQ(tried.shown()[0].written, 100);
  EXPECT_EQ(tried.shown()[1].written, 0) << "it was not written";
  const auto back = tried.config_tried(kOld, kAccepted, 200);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->diff, config_diff(kNew, kOld));
}

TEST(WrittenFiles, ARefusedConfigurationIsToldWithItsWordsAndNotShown) {
  WrittenFiles tried = files();
  const auto record = tried.config_tried(kNew, kRefused, 100);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->result, "rejected");
  EXPECT_EQ(record->who, "promtool");
  EXPECT_EQ(record->words, "line 3");
  EXPECT_EQ(record->diff, config_diff(kOld, kNew));
  EXPECT_EQ(content(tried, kPrometheusFile), kOld.prometheus_yml);
  const auto after = tried.config_tried(kNew, kAccepted, 200);
  EXPECT_EQ(after->diff, config_diff(kOld, kNew)) << "the old one was in use until then";
}

TEST(WrittenFiles, TheSameWordsAgainAreNotTold) {
  WrittenFiles tried = files();
  EXPECT_TRUE(tried.config_tried(kNew, kPending, 100));
  EXPECT_FALSE(tried.config_tried(kNew, kPending, 105));
  ConfigOutcome other = kPending;
  other.reason = "HTTP 503";
  EXPECT_TRUE(tried.config_tried(kNew, other, 110));
  EXPECT_TRUE(tried.config_tried(kNew, kAccepted, 115));
  EXPECT_TRUE(tried.config_tried(kNew, kPending, 120)) << "it was accepted in between";
  EXPECT_TRUE(tried.config_tried(kNew, kRefused, 125));
  EXPECT_FALSE(tried.config_tried(kNew, kRefused, 130));
  EXPECT_TRUE(tried.config_tried(kOld, kRefused, 135)) << "another configuration";
}

TEST(WrittenFiles, EveryReloadThatWentWellIsTold) {
  WrittenFiles tried = files();
  EXPECT_TRUE(tried.config_tried(kOld, kAccepted, 100));
  EXPECT_TRUE(tried.config_tried(kOld, kAccepted, 105)) << "an operator asked for it";
  EXPECT_FALSE(tried.config_tried(kOld, {.kind = Kind::kUnchanged}, 110));
}

TEST(WrittenFiles, APendingConfigurationIsOnDisk) {
  WrittenFiles tried = files();
  ConfigOutcome written = kPending;
  written.files_written = {"prometheus.yml", "rules.yml"};
  tried.config_tried(kNew, written, 100);
  EXPECT_EQ(content(tried, kPrometheusFile), kNew.prometheus_yml);
  EXPECT_EQ(tried.shown()[1].written, 100);
  EXPECT_EQ(tried.config_tried(kNew, kAccepted, 200)->diff, config_diff(kOld, kNew));
}

TEST(WrittenFiles, ALongDiffIsCutAtALine) {
  ApplyConfig large;
  while (large.rules_yml.size() < 2 * WrittenFiles::kMostDiff) large.rules_yml += "- a rule\n";
  WrittenFiles tried = files();
  const std::string diff = tried.config_tried(large, kAccepted, 1)->diff;
  EXPECT_LE(diff.size(), WrittenFiles::kMostDiff + 20);
  EXPECT_GT(diff.size(), WrittenFiles::kMostDiff - 20);
  EXPECT_TRUE(diff.ends_with("\n+- a rule\n(cut here)\n"));
}

TEST(WrittenFiles, TheTargetFileIsShownAsItWasWritten) {
  WrittenFiles tried = files();
  const auto json = std::make_shared<const std::string>("[]");
  tried.targets_written(json, false, 50);
  EXPECT_EQ(tried.shown()[2].content, json);
  EXPECT_EQ(tried.shown()[2].written, 0) << "a former run wrote the same";
  tried.targets_written(json, true, 60);
  EXPECT_EQ(tried.shown()[2].written, 60);
}

}  // namespace
}  // namespace promster
