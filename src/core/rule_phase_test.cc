#include "core/rule_phase.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

constexpr Duration kInterval = std::chrono::seconds(5);

// Seen with Prometheus 2.42: test/rule_phase_live_test.cc holds it against the real one.
TEST(RulePhase, TheNameIsStable) {
  EXPECT_EQ(aligned_group_name("env-rules", "/var/lib/promster/rules.yml", kInterval),
            "env-rules-73637");
}

TEST(RulePhase, AnotherPathOrIntervalHasAnotherName) {
  const std::string name = aligned_group_name("g", "/a/rules.yml", kInterval);
  EXPECT_NE(name, aligned_group_name("g", "/b/rules.yml", kInterval));
  EXPECT_NE(name, aligned_group_name("g", "/a/rules.yml", std::chrono::seconds(7)));
  EXPECT_TRUE(name.starts_with("g-"));
}

TEST(SwitchWindow, IsShutAroundAnEvaluation) {
  const SwitchWindow window(kInterval);
  const double evaluation = 1'700'000'000;  // a multiple of the interval
  EXPECT_FALSE(window.open(evaluation));
  EXPECT_EQ(window.until_open(evaluation + 0.1), Duration(200));
  EXPECT_TRUE(window.open(evaluation + 0.31));
  EXPECT_TRUE(window.open(evaluation + 3.4));
  EXPECT_FALSE(window.open(evaluation + 3.6));
  EXPECT_EQ(window.until_open(evaluation + 4), Duration(1300));
}

TEST(SwitchWindow, OfAShortIntervalIsAlwaysOpen) {
  const SwitchWindow window(std::chrono::seconds(1));
  for (int tenth = 0; tenth < 20; ++tenth) EXPECT_TRUE(window.open(1'700'000'000 + tenth / 10.0));
}

}  // namespace
}  // namespace promster
