#include "core/alert_rule.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Environment = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

TEST(AlertRules, AreReadFromTheirVariables) {
  const auto read = alert_rules_from(
      {{"ALERT_RULE_1_NAME", "Target down"},
       {"ALERT_RULE_1_EXPR", "up{job=~\"a=b\"} == 0"},
       {"ALERT_RULE_1_FOR", "1m30s"},
       {"ALERT_RULE_1_LABELS", "severity:page"},
       {"ALERT_RULE_1_ANNOTATIONS", "summary:{{ $labels.instance }} is down\\, see http://w:1/x"},
       {"ALERT_RULE_1_GUARD", "false"}});
  EXPECT_EQ(read.errors, Lines());
  EXPECT_EQ(read.warnings, Lines());
  ASSERT_EQ(read.rules.size(), 1u);
  EXPECT_EQ(
      read.rules[0],
      (AlertRule{.number = 1,
                 .name = "Target down",
                 .expr = "up{job=~\"a=b\"} == 0",
                 .after = std::chrono::seconds(90),
                 .labels = {{"severity", "page"}},
                 .annotations = {{"summary", "{{ $labels.instance }} is down, see http://w:1/x"}},
                 .guard = false}));
}

TEST(AlertRules, AreGuardedAndFireAtOnceUnlessToldOtherwise) {
  const auto read = alert_rules_from({{"ALERT_RULE_2_NAME", "a"}, {"ALERT_RULE_2_EXPR", "x > 1"}});
  ASSERT_EQ(read.rules.size(), 1u);
  EXPECT_TRUE(read.rules[0].guard);
  EXPECT_EQ(read.rules[0].after, std::nullopt);
  EXPECT_EQ(read.warnings,
            Lines{"ALERT_RULE_<n>: no rule 1 before rule 2; the rules after the gap are used too"});
}

TEST(AlertRules, EveryFaultNamesTheVariableAndTheMend) {
  const std::map<std::pair<std::string, std::string>, std::string> faults{
      {{"NAME", "a\nb"},
       "ALERT_RULE_1_NAME: \"a\\x0ab\" is not plain text on one line; try: a name such as "
       "TargetDown"},
      {{"NAME", " "},
       "ALERT_RULE_1_NAME: not set, but ALERT_RULE_1_EXPR is; try: set it, or unset "
       "ALERT_RULE_1_EXPR"},
      {{"FOR", "5"}, "ALERT_RULE_1_FOR: \"5\" is no duration; try: 30s, 5m or 1h"},
      {{"LABELS", "alertname:b"},
       "ALERT_RULE_1_LABELS: the label alertname is not the user's to set; try: set _NAME instead"},
      {{"ANNOTATIONS", "summary:a, b"},
       "ALERT_RULE_1_ANNOTATIONS: \"b\" has no \":\"; try: name:value,name:value, and \\, for a "
       "comma in a value"},
      {{"GUARD", "maybe"},
       "ALERT_RULE_1_GUARD: \"maybe\" is neither true nor false; try: true or false"}};
  for (const auto& [given, error] : faults) {
    Environment environment{{"ALERT_RULE_1_NAME", "a"}, {"ALERT_RULE_1_EXPR", "x"}};
    environment["ALERT_RULE_1_" + given.first] = given.second;
    const auto read = alert_rules_from(environment);
    EXPECT_EQ(read.errors, Lines{error});
    EXPECT_TRUE(read.rules.empty());
  }
}

TEST(AlertRules, WhatIsNotReadIsWarnedOf) {
  const auto read = alert_rules_from({{"ALERT_RULE_3_EXPRESSION", "x"},
                                      {"ALERT_RULE_01_EXPR", "x"},
                                      {"ALERT_MANAGER_URLS", "http://a:1"}});
  EXPECT_EQ(read.warnings,
            (Lines{"ALERT_RULE_01_EXPR: not read; did you mean ALERT_RULE_1_EXPR?",
                   "ALERT_RULE_3_EXPRESSION: not read; try: ALERT_RULE_<n>_NAME, _EXPR, _FOR, "
                   "_LABELS, _ANNOTATIONS or _GUARD, n from 1"}));
}

}  // namespace
}  // namespace promster
