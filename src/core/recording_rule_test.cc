#include "core/recording_rule.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace promster {
namespace {

using Environment = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

TEST(RecordingRules, OfTheOriginalsDocumentation) {
  const auto read = recording_rules_from({
      {"RECORD_RULE_1_NAME", "level1:http_requests_app_total:irate"},
      {"RECORD_RULE_1_EXPR",
       "sum(irate(http_requests_app_total[2m])) without (job,server_name,instance)"},
      {"RECORD_RULE_1_LABELS", "site:s1,region:b1"},
      {"PATH", "/bin"},
  });
  ASSERT_EQ(read.rules.size(), 1U);
  EXPECT_EQ(
      read.rules[0],
      (RecordingRule{
          .number = 1,
          .name = "level1:http_requests_app_total:irate",
          .expr = "sum(irate(http_requests_app_total[2m])) without (job,server_name,instance)",
          .labels = {{"site", "s1"}, {"region", "b1"}},
          .guard = true}));
  EXPECT_EQ(read.errors, Lines());
  EXPECT_EQ(read.warnings, Lines());
}

TEST(RecordingRules, NoneWithoutVariables) {
  for (const Environment& environment : {Environment{}, Environment{{"RECORD_RULE_GUARD", "false"}},
                                         Environment{{"RECORD_RULE_1_NAME", ""},
                                                     {"RECORD_RULE_1_EXPR", " "},
                                                     {"RECORD_RULE_007_NAME", ""}}}) {
    const auto read = recording_rules_from(environment);
    EXPECT_TRUE(read.rules.empty());
    EXPECT_EQ(read.errors, Lines());
    EXPECT_EQ(read.warnings, Lines());
  }
}

// B1 and B2 of the original: the value was cut at the second "=", and pasted into YAML.
RC_GTEST_PROP(RecordingRules, KeepAnExpressionToTheByte, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
      std::vector<std::string>{"x", "=", "==", "=~", "{", "\"", "'", "`", ":", " #", "\n", "\\",
                               "$", "-", "Genève", "%", ",", "[", "!"}));
  std::string expr = "y";
  for (const std::string& part : parts) expr += part;
  const auto read =
      recording_rules_from({{"RECORD_RULE_1_NAME", "a"}, {"RECORD_RULE_1_EXPR", expr}});
  RC_ASSERT(read.rules.size() == 1U);
  RC_ASSERT(read.rules[0].expr == expr);
}

Environment with(const std::string& field, const std::string& value) {
  Environment environment{{"RECORD_RULE_1_NAME", "a"}, {"RECORD_RULE_1_EXPR", "x"}};
  environment["RECORD_RULE_1_" + field] = value;
  return environment;
}

Labels labels_of(const std::string& text) {
  const auto read = recording_rules_from(with("LABELS", text));
  EXPECT_EQ(read.errors, Lines()) << text;
  return read.rules.empty() ? Labels() : read.rules[0].labels;
}

TEST(RecordingRules, LabelsAreSplitAtTheFirstColonAndTrimmed) {
  EXPECT_EQ(labels_of("site:s1"), (Labels{{"site", "s1"}}));
  EXPECT_EQ(labels_of(" site : s1 , region:b 1 "), (Labels{{"site", "s1"}, {"region", "b 1"}}));
  EXPECT_EQ(labels_of("url:http://h:80/x"), (Labels{{"url", "http://h:80/x"}}));
  EXPECT_EQ(labels_of("site:a\\,b,c:d\\e"), (Labels{{"site", "a,b"}, {"c", "d\\e"}}));
  EXPECT_EQ(labels_of("site:"), (Labels{{"site", ""}}));
  EXPECT_EQ(labels_of("site:s1,"), (Labels{{"site", "s1"}}));
  EXPECT_EQ(labels_of("b:1,a:2"), labels_of("a:2,b:1"));
}

TEST(RecordingRules, TheGuardTakesTheWordsOfTheOriginalsFlags) {
  for (const char* word : {"false", "0", "f", "F", "FALSE", "False", " false "}) {
    const auto read = recording_rules_from(with("GUARD", word));
    ASSERT_EQ(read.rules.size(), 1U) << word;
    EXPECT_FALSE(read.rules[0].guard) << word;
  }
  for (const char* word : {"true", "1", "t", "T", "TRUE", ""}) {
    const auto read = recording_rules_from(with("GUARD", word));
    ASSERT_EQ(read.rules.size(), 1U) << word;
    EXPECT_TRUE(read.rules[0].guard) << word;
  }
}

struct Fault {
  Environment environment;
  Lines errors;
};

TEST(RecordingRules, EveryFaultNamesTheVariableAndTheMend) {
  const std::vector<Fault> faults{
      {{{"RECORD_RULE_2_NAME", "a"}, {"RECORD_RULE_2_LABELS", "a:b"}},
       {"RECORD_RULE_2_EXPR: not set, but RECORD_RULE_2_NAME is; try: set it, or unset "
        "RECORD_RULE_2_NAME"}},
      {{{"RECORD_RULE_2_EXPR", "a"}, {"RECORD_RULE_2_GUARD", "true"}},
       {"RECORD_RULE_2_NAME: not set, but RECORD_RULE_2_EXPR is; try: set it, or unset "
        "RECORD_RULE_2_EXPR"}},
      {{{"RECORD_RULE_2_LABELS", "a:b"}},
       {"RECORD_RULE_2_NAME: not set, but RECORD_RULE_2_LABELS is; try: set it, or unset "
        "RECORD_RULE_2_LABELS",
        "RECORD_RULE_2_EXPR: not set, but RECORD_RULE_2_LABELS is; try: set it, or unset "
        "RECORD_RULE_2_LABELS"}},
      {with("NAME", "a-b"),
       {"RECORD_RULE_1_NAME: \"a-b\" is not a metric name; try: letters, digits, _ and :, no digit "
        "at the front"}},
      {with("EXPR", "x{a=\"\xff\"}"),
       {"RECORD_RULE_1_EXPR: \"x{a=\"\\xff\"}\" is not UTF-8; try: write it in UTF-8"}},
      {with("LABELS", "site"),
       {"RECORD_RULE_1_LABELS: \"site\" has no \":\"; try: name:value,name:value, and \\, for a "
        "comma in a value"}},
      {with("LABELS", ":x,a.b:c"),
       {"RECORD_RULE_1_LABELS: \"\" is not a label name; try: letters, digits and _, no digit at "
        "the front",
        "RECORD_RULE_1_LABELS: \"a.b\" is not a label name; try: letters, digits and _, no digit "
        "at the front"}},
      {with("LABELS", "__name__:x"),
       {"RECORD_RULE_1_LABELS: the label __name__ is the rule's name; try: set _NAME instead"}},
      {with("LABELS", "a:b,a:c"),
       {"RECORD_RULE_1_LABELS: the label \"a\" is there twice; try: keep one of them"}},
      {with("LABELS", "a:\xff"),
       {"RECORD_RULE_1_LABELS: the value of \"a\" is not UTF-8; try: write it so"}},
      {with("GUARD", "perhaps"),
       {"RECORD_RULE_1_GUARD: \"perhaps\" is neither true nor false; try: true or false"}},
  };
  for (const Fault& fault : faults) {
    const auto read = recording_rules_from(fault.environment);
    EXPECT_EQ(read.errors, fault.errors);
    EXPECT_TRUE(read.rules.empty()) << fault.errors[0];
  }
}

TEST(RecordingRules, ReportsAllErrorsByNumberAndKeepsTheGoodRules) {
  const auto read = recording_rules_from({{"RECORD_RULE_10_NAME", "1"},
                                          {"RECORD_RULE_10_EXPR", "x"},
                                          {"RECORD_RULE_9_NAME", "good"},
                                          {"RECORD_RULE_9_EXPR", "x"},
                                          {"RECORD_RULE_2_NAME", "2"},
                                          {"RECORD_RULE_2_EXPR", "x"},
                                          {"RECORD_RULE_2_GUARD", "no"}});
  ASSERT_EQ(read.errors.size(), 3U);
  EXPECT_EQ(read.errors[0].substr(0, 19), "RECORD_RULE_2_NAME:");
  EXPECT_EQ(read.errors[1].substr(0, 20), "RECORD_RULE_2_GUARD:");
  EXPECT_EQ(read.errors[2].substr(0, 20), "RECORD_RULE_10_NAME:");
  ASSERT_EQ(read.rules.size(), 1U);
  EXPECT_EQ(read.rules[0].number, 9);
}

TEST(RecordingRules, AnyNumberIsReadAndGapsAreWarnedOf) {
  Environment environment;
  for (const int number : {2, 3, 7, 100, 2147483647}) {
    environment["RECORD_RULE_" + std::to_string(number) + "_NAME"] = "a" + std::to_string(number);
    environment["RECORD_RULE_" + std::to_string(number) + "_EXPR"] = "x";
  }
  const auto read = recording_rules_from(environment);
  Lines names;
  for (const RecordingRule& rule : read.rules) names.push_back(rule.name);
  EXPECT_EQ(names, (Lines{"a2", "a3", "a7", "a100", "a2147483647"}));
  EXPECT_EQ(read.errors, Lines());
  ASSERT_EQ(read.warnings.size(), 4U);
  EXPECT_EQ(read.warnings[0],
            "RECORD_RULE_<n>: no rule 1 before rule 2; the rules after the gap are used too");
  EXPECT_EQ(read.warnings[1],
            "RECORD_RULE_<n>: no rule 4 to 6 before rule 7; the rules after the gap are used too");
}

TEST(RecordingRules, TwoThatWriteTheSameSeriesAreWarnedOf) {
  Environment environment{{"RECORD_RULE_1_NAME", "a"},        {"RECORD_RULE_1_EXPR", "x"},
                          {"RECORD_RULE_2_NAME", "a"},        {"RECORD_RULE_2_EXPR", "y"},
                          {"RECORD_RULE_3_NAME", "a"},        {"RECORD_RULE_3_EXPR", "z"},
                          {"RECORD_RULE_3_LABELS", "site:s1"}};
  const auto read = recording_rules_from(environment);
  EXPECT_EQ(read.rules.size(), 3U);
  EXPECT_EQ(
      read.warnings,
      Lines{"RECORD_RULE_2_NAME: \"a\" with the same labels is also rule 1, so both may write "
            "the same series; try: another name or label"});
}

std::string warning_of(const std::string& name) {
  const auto read = recording_rules_from({{name, "x"}});
  EXPECT_TRUE(read.rules.empty() && read.errors.empty()) << name;
  return read.warnings.size() == 1 ? read.warnings[0] : "";
}

TEST(RecordingRules, WhatIsNotReadGetsASuggestion) {
  EXPECT_EQ(warning_of("RECORD_RULE_3_EXPRESSION"),
            "RECORD_RULE_3_EXPRESSION: not read; did you mean RECORD_RULE_3_EXPR?");
  EXPECT_EQ(warning_of("RECORD_RULE_3_LABEL"),
            "RECORD_RULE_3_LABEL: not read; did you mean RECORD_RULE_3_LABELS?");
  EXPECT_EQ(warning_of("RECORD_RULE_007_NAME"),
            "RECORD_RULE_007_NAME: not read; did you mean RECORD_RULE_7_NAME?");
  EXPECT_EQ(warning_of("RECORD_RULE_0_NAME"),
            "RECORD_RULE_0_NAME: not read; did you mean RECORD_RULE_1_NAME?");
  EXPECT_EQ(warning_of("RECORD_RULES_20_NAME"),
            "RECORD_RULES_20_NAME: not read; did you mean RECORD_RULE_20_NAME?");
  EXPECT_EQ(warning_of("RECORD_RULE_1_name"),
            "RECORD_RULE_1_name: not read; did you mean RECORD_RULE_1_NAME?");
  EXPECT_EQ(warning_of("RECORD_RULE_99999999999_NAME").substr(0, 38),
            "RECORD_RULE_99999999999_NAME: not read");
  EXPECT_EQ(warning_of("RECORD_RULE_SOMETHING_ELSE_ALTOGETHER"),
            "RECORD_RULE_SOMETHING_ELSE_ALTOGETHER: not read; try: RECORD_RULE_<n>_NAME, _EXPR, "
            "_LABELS or _GUARD, n from 1");
}

}  // namespace
}  // namespace promster
