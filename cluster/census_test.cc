#include "cluster/census.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace promster {
namespace {

using Texts = std::vector<std::string>;

TEST(Census, FindsNothingWhereEachTargetHasOneOwner) {
  EXPECT_EQ(census({"t1", "t2", "t3"}, {{"a", {"t1", "t3"}}, {"b", {"t2"}}}, {.capacity = 2}),
            Texts{});
}

TEST(Census, NamesTargetsThatNobodyScrapes) {
  EXPECT_EQ(census({"t1", "t2"}, {{"a", {"t1"}}}, {}),
            Texts{"t2 is scraped by 0 nodes instead of 1"});
}

TEST(Census, NamesTargetsThatSeveralScrape) {
  EXPECT_EQ(census({"t1"}, {{"a", {"t1"}}, {"b", {"t1"}}}, {}),
            Texts{"t1 is scraped by 2 nodes (a, b) instead of 1"});
}

TEST(Census, NamesTargetsThatOneNodeScrapesTwice) {
  EXPECT_EQ(census({"t1"}, {{"a", {"t1", "t1"}}}, {}),
            Texts{"t1 is scraped by 2 nodes (a, a) instead of 1"});
}

TEST(Census, NamesWhatIsNoTarget) {
  EXPECT_EQ(census({}, {{"a", {"ghost"}}}, {}), Texts{"ghost is scraped by a and is no target"});
}

TEST(Census, NamesNodesAboveTheirCapacity) {
  EXPECT_EQ(census({"t1", "t2"}, {{"a", {"t1", "t2"}}, {"b", {}}}, {.capacity = 1}),
            Texts{"a scrapes 2 targets, above its capacity of 1"});
}

TEST(Census, EveryNodeMayHaveToScrapeEveryTarget) {
  const CensusRules everywhere{.owners = 0};
  EXPECT_EQ(census({"t"}, {{"a", {"t"}}, {"b", {"t"}}}, everywhere), Texts{});
  EXPECT_EQ(census({"t"}, {{"a", {"t"}}, {"b", {}}}, everywhere),
            Texts{"t is scraped by 1 node (a) instead of 2"});
}

TEST(Census, CapacityIsTheFairShareAndATenthRoundedUp) {
  EXPECT_EQ(census_capacity(20, 5), 5u);
  EXPECT_EQ(census_capacity(5, 2), 3u);
  EXPECT_EQ(census_capacity(1000, 10), 110u);  // in doubles a little more
  EXPECT_EQ(census_capacity(3, 1), 3u);
  EXPECT_EQ(census_capacity(0, 4), 0u);
}

RC_GTEST_PROP(Census, CapacityHoldsAllAndIsNeverMoreThanAll, ()) {
  const auto targets = *rc::gen::inRange<std::size_t>(0, 10'000);
  const auto nodes = *rc::gen::inRange<std::size_t>(1, 200);
  const std::size_t capacity = census_capacity(targets, nodes);
  RC_ASSERT(capacity <= targets);
  RC_ASSERT(capacity * nodes >= targets);
}

}  // namespace
}  // namespace promster
