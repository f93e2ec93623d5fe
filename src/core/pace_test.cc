#include "core/pace.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace promster {
namespace {

SteadyTime at(int milliseconds) {
  return SteadyTime(Duration(milliseconds));
}

TEST(Pace, NothingIsDueWithoutAChange) {
  const Pace pace({});
  EXPECT_EQ(pace.deadline(), std::nullopt);
  EXPECT_FALSE(pace.due(at(1'000'000)));
}

TEST(Pace, ALoneChangeIsDueAfterTheQuietTime) {
  Pace pace({});
  pace.changed(at(1000));
  EXPECT_FALSE(pace.due(at(1009)));
  EXPECT_TRUE(pace.due(at(1010)));
}

TEST(Pace, AChangeWaitsForWhatComesCloseBehindButNotForEver) {
  Pace pace({});
  for (int t = 1000; t <= 1045; t += 5) pace.changed(at(t));
  EXPECT_EQ(pace.deadline(), at(1050));
}

TEST(Pace, ActionsAreApart) {
  Pace pace({});
  pace.changed(at(1000));
  pace.acted(at(1010));
  EXPECT_EQ(pace.deadline(), std::nullopt);
  pace.changed(at(1020));
  EXPECT_EQ(pace.deadline(), at(1210));
  pace.changed(at(5000));
  pace.acted(at(5010));
  pace.changed(at(6000));
  EXPECT_EQ(pace.deadline(), at(6010));
}

// Whatever comes when, every change is acted upon within between + at_most, and actions are never
// closer than `between`.
RC_GTEST_PROP(Pace, EveryChangeIsActedUponInTime, ()) {
  Pace pace({});
  auto changes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3000));
  std::ranges::sort(changes);
  std::vector<int> actions;
  std::size_t next = 0;
  for (int t = 0; t < 4000; ++t) {
    while (next < changes.size() && changes[next] == t) pace.changed(at(changes[next++]));
    if (pace.due(at(t))) {
      pace.acted(at(t));
      actions.push_back(t);
    }
  }
  for (const int change : changes) {
    RC_ASSERT(std::ranges::any_of(actions, [&](int t) { return t >= change && t <= change + 250; }));
  }
  for (std::size_t i = 1; i < actions.size(); ++i) RC_ASSERT(actions[i] - actions[i - 1] >= 200);
}

}  // namespace
}  // namespace promster
