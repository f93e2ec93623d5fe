#include "core/labels.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

namespace promster {
namespace {

using Pairs = std::vector<Labels::Pair>;

TEST(Labels, AreSortedAndEachNameIsThereOnce) {
  const Labels labels{{"b", "1"}, {"a", "2"}, {"b", "3"}};
  EXPECT_EQ(Pairs(labels.pairs().begin(), labels.pairs().end()), (Pairs{{"a", "2"}, {"b", "3"}}));
  EXPECT_EQ(labels.size(), 2U);
  EXPECT_FALSE(labels.empty());
}

TEST(Labels, FindSaysWhatIsNotThere) {
  const Labels labels{{"b", "1"}, {"d", "2"}};
  EXPECT_EQ(*labels.find("b"), "1");
  for (const char* absent : {"", "a", "c", "e"}) EXPECT_EQ(labels.find(absent), nullptr) << absent;
  EXPECT_TRUE(Labels().empty());
}

RC_GTEST_PROP(Labels, BehaveAsAMap, (const Pairs& pairs)) {
  Labels labels;
  std::map<std::string, std::string> map;
  for (const auto& [name, value] : pairs) {
    labels.set(name, value);
    map[name] = value;
  }
  RC_ASSERT(Pairs(labels.pairs().begin(), labels.pairs().end()) == Pairs(map.begin(), map.end()));
  for (const auto& [name, value] : map) RC_ASSERT(*labels.find(name) == value);
}

TEST(LabelNames, FollowPrometheus) {
  for (const char* name : {"a", "_", "A_1", "__meta", "job"}) EXPECT_TRUE(is_label_name(name));
  for (const char* name : {"", "1a", "a-b", "a:b", "a b", "\xc3\xa9", "a."}) {
    EXPECT_FALSE(is_label_name(name)) << name;
  }
}

TEST(MetricNames, MayHaveColons) {
  for (const char* name : {"a", ":", "a:b:c", "_x9", ":1"}) EXPECT_TRUE(is_metric_name(name));
  for (const char* name : {"", "9", "a-b", "a b", "a{}", "\xc3\xa9"}) {
    EXPECT_FALSE(is_metric_name(name)) << name;
  }
}

TEST(TargetLabel, TakesUsualLabels) {
  EXPECT_TRUE(check_target_label("site", "").ok());
  EXPECT_TRUE(check_target_label("_site", "Genève").ok());
  EXPECT_TRUE(check_target_label("site", std::string(256, 'x')).ok());
}

std::string refusal(std::string_view name, std::string_view value) {
  const auto checked = check_target_label(name, value);
  return checked ? "" : checked.error().message;
}

TEST(TargetLabel, SaysWhatIsWrong) {
  EXPECT_EQ(
      refusal("a-b", ""),
      "label \"a-b\": not a label name: use letters, digits and _, and no digit at the front");
  EXPECT_EQ(refusal("__address__", ""),
            "label \"__address__\": names that start with __ are Prometheus's own");
  EXPECT_EQ(refusal("job", "x"), "label \"job\": Prometheus sets this label itself");
  EXPECT_EQ(refusal("instance", "x"), "label \"instance\": Prometheus sets this label itself");
  EXPECT_EQ(refusal("site", std::string(257, 'x')),
            "label \"site\": the value has 257 bytes; at most 256 are allowed");
  EXPECT_EQ(refusal("site", "\xff"), "label \"site\": the value is not UTF-8: \"\\xff\"");
  EXPECT_EQ(refusal("site", "a\nb"),
            "label \"site\": the value has a control character: \"a\\x0ab\"");
  EXPECT_EQ(refusal("a\nb", "").substr(0, 15), "label \"a\\x0ab\":");
}

}  // namespace
}  // namespace promster
