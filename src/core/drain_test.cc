#include "core/drain.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

SteadyTime at(int seconds) {
  return SteadyTime(std::chrono::seconds(seconds));
}

Drain drain() {
  return Drain({.budget = std::chrono::seconds(45), .settle = std::chrono::seconds(11)});
}

TEST(Drain, DoesNothingBeforeItBegins) {
  Drain node = drain();
  node.watch(0, at(0));
  EXPECT_FALSE(node.begun());
  EXPECT_FALSE(node.over(at(1000)));
  EXPECT_EQ(node.deadline(), std::nullopt);
}

TEST(Drain, EndsAWhileAfterTheLastTarget) {
  Drain node = drain();
  node.begin(at(0));
  node.watch(3, at(1));
  EXPECT_EQ(node.deadline(), at(45));
  node.watch(0, at(10));
  node.watch(0, at(12));
  EXPECT_TRUE(node.complete());
  EXPECT_EQ(node.took(), std::chrono::seconds(10));
  EXPECT_EQ(node.deadline(), at(21));
  EXPECT_FALSE(node.over(at(20)));
  EXPECT_TRUE(node.over(at(21)));
}

TEST(Drain, ATargetThatComesBackIsWaitedForAgain) {
  Drain node = drain();
  node.begin(at(0));
  node.watch(0, at(10));
  node.watch(1, at(12));
  EXPECT_FALSE(node.complete());
  EXPECT_EQ(node.took(), Duration{});
  EXPECT_EQ(node.deadline(), at(45));
}

TEST(Drain, TakesNoLongerThanItsBudget) {
  Drain node = drain();
  node.begin(at(0));
  node.watch(1, at(44));
  EXPECT_TRUE(node.over(at(45)));
  EXPECT_FALSE(node.complete());
}

TEST(Drain, BeginsOnce) {
  Drain node = drain();
  node.begin(at(0));
  node.begin(at(40));
  EXPECT_TRUE(node.over(at(45)));
}

}  // namespace
}  // namespace promster
