#include "core/ownership_guard.h"

#include <gtest/gtest.h>

#include <string>

#include "core/guard_cases_for_test.h"

namespace promster {
namespace {

TEST(OwnershipGuard, GuardsTheTable) {
  EXPECT_GE(kGuardCases.size(), 100U);
  for (const GuardCase& test : kGuardCases) {
    const GuardedExpression guarded = guard_expression(test.expression());
    EXPECT_EQ(guarded.expr, test.guarded());
    EXPECT_EQ(guarded.changed, test.guarded() != test.expression()) << test.marked;
    EXPECT_EQ(format_duration(guarded.longest_range), test.longest_range) << test.marked;
  }
}

TEST(OwnershipGuard, GuardingTwiceIsGuardingOnce) {
  for (const GuardCase& test : kGuardCases) {
    const GuardedExpression again = guard_expression(test.guarded());
    EXPECT_EQ(again.expr, test.guarded());
    EXPECT_FALSE(again.changed) << test.marked;
  }
}

// The marks of the table, spelled out once.
TEST(OwnershipGuard, InsertsThisText) {
  EXPECT_EQ(guard_expression("x").expr, "(x unless on (job, instance) promster_foreign_target)");
  EXPECT_EQ(guard_expression("sum(irate(x[2m]))").expr,
            "sum((irate(x[2m]) unless on (job, instance) promster_foreign_target))");
  EXPECT_EQ(guard_expression("y*on(a)group_left x").expr,
            "(y unless on (job, instance) promster_foreign_target)*on(a)group_left "
            "() (x unless on (job, instance) promster_foreign_target)");
}

TEST(OwnershipGuard, LooksAsFarBackAsASubqueryOfASubquery) {
  const auto range = [](std::string_view expr) {
    return format_duration(guard_expression(expr).longest_range);
  };
  EXPECT_EQ(range("max_over_time(sum(rate(x[5m]))[1h:1m])"), "1h5m");
  EXPECT_EQ(range("max_over_time((max_over_time(x[5m:]))[1d:] offset 1h)"), "1d1h5m");
  EXPECT_EQ(range("max_over_time(max_over_time(x[5m:] offset 5m)[1h:1m] offset 1h)"), "2h10m");
  EXPECT_EQ(range("max_over_time(rate(x[5m] offset 1h)[30m:] offset -2h)"), "0s");
  EXPECT_EQ(range("rate(x[5m]) + y offset 1d"), "1d");
}

TEST(OwnershipGuard, SurvivesDepth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "x" + std::string(depth, ')');
  };
  EXPECT_TRUE(guard_expression(nested(100)).changed);
  EXPECT_EQ(guard_expression(nested(1'000'000)).expr, nested(1'000'000));
  EXPECT_TRUE(guard_expression(std::string(100'000, '-') + "x").changed);
  std::string sum = "(x)";
  for (int i = 0; i < 10'000; ++i) sum += " + (x)";
  EXPECT_TRUE(guard_expression(sum).changed);
}

}  // namespace
}  // namespace promster
