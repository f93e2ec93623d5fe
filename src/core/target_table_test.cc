#include "core/target_table.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <iterator>
#include <set>

namespace promster {
namespace {

std::vector<const Target*> pointers(const std::vector<Target>& targets) {
  std::vector<const Target*> result;
  for (const Target& target : targets) result.push_back(&target);
  return result;
}

TEST(TargetTable, SaysOfEachTargetWhatItWasGiven) {
  const std::vector<Target> targets{
      {.key = "/t/a/1:80", .address = "1:80", .labels = {{"prsn", "a"}, {"zone", ""}}},
      {.key = "/t/b/2:80", .address = "2:80"},
  };
  const TargetTable table(pointers(targets));
  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(table.key(0), "/t/a/1:80");
  EXPECT_EQ(table.address(0), "1:80");
  EXPECT_EQ(table.label(0, "prsn"), "a");
  EXPECT_EQ(table.label(0, "zone"), "");
  EXPECT_EQ(table.label(0, "a"), std::nullopt) << "that is a value";
  EXPECT_EQ(table.label(1, "prsn"), std::nullopt);
  EXPECT_EQ(table.words(1),
            "/t/b/2:80\xff"
            "2:80\xff");
}

TEST(TargetTable, HasNothingBeforeItIsGivenAny) {
  EXPECT_EQ(TargetTable().size(), 0u);
  EXPECT_EQ(TargetTable(std::span<const Target* const>{}).size(), 0u);
}

TEST(TargetTable, AKeyWithANulIsKeptAsItIs) {
  const Target odd{.key = std::string("/t/a\0b/1:80", 11), .address = "1:80"};
  const TargetTable table(pointers({odd}));
  EXPECT_EQ(table.target(0), odd);
}

TEST(TargetTable, WhatIsNoUtf8SpoilsNoOther) {
  const TargetTable table(pointers({{.key = "a\xff"
                                            "b",
                                     .address = "1:80"},
                                    {.key = "c"}}));
  EXPECT_EQ(table.key(0), "a?b");
  EXPECT_EQ(table.address(0), "1:80");
  EXPECT_EQ(table.key(1), "c");
}

RC_GTEST_PROP(TargetTable, KnowsWhereTheTargetsOfAnotherAre, ()) {
  const auto table_of = [](const std::set<std::string>& names) {
    std::vector<Target> targets;
    for (const std::string& key : names) targets.push_back({.key = key});
    return TargetTable(pointers(targets));
  };
  const auto word = rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'd'));
  const auto words = rc::gen::container<std::vector<std::string>>(word);
  const std::vector<std::string> some = *words, others = *words;
  const std::set<std::string> here(some.begin(), some.end()), there(others.begin(), others.end());
  const auto places = table_of(here).places_of(table_of(there));
  std::size_t i = 0;
  for (const std::string& key : there) {
    const auto found = here.find(key);
    const auto expected = found == here.end()
                              ? TargetTable::kNowhere
                              : static_cast<std::uint32_t>(std::distance(here.begin(), found));
    RC_ASSERT(places[i++] == expected);
  }
}

RC_GTEST_PROP(TargetTable, GivesBackTheTargetsOfAnyText, ()) {
  const auto word = rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
  std::vector<Target> targets;
  for (std::size_t n = *rc::gen::inRange<std::size_t>(0, 20); n > 0; --n) {
    Target target{.key = *word, .address = *word};
    for (int labels = *rc::gen::inRange(0, 4); labels > 0; --labels)
      target.labels.set(*word, *word);
    targets.push_back(std::move(target));
  }
  const TargetTable table(pointers(targets));
  RC_ASSERT(table.size() == targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    RC_ASSERT(table.target(i) == targets[i]);
    for (const auto& [name, value] : targets[i].labels.pairs()) {
      RC_ASSERT(table.label(i, name) == value);
    }
  }
}

}  // namespace
}  // namespace promster
