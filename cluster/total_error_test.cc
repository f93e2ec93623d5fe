#include "cluster/total_error.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TotalSample sample(double truth, std::optional<double> answer) {
  return {.time = 0, .truth = truth, .answer = answer};
}

TEST(RelativeError, IsOfTheTruthInBothDirections) {
  EXPECT_DOUBLE_EQ(relative_error(sample(1000, 1000)), 0);
  EXPECT_DOUBLE_EQ(relative_error(sample(1000, 700)), 0.3);
  EXPECT_DOUBLE_EQ(relative_error(sample(1000, 1850)), 0.85);
}

TEST(RelativeError, OfAMissingAnswerIsAllOfIt) {
  EXPECT_DOUBLE_EQ(relative_error(sample(1000, std::nullopt)), 1);
}

TEST(RelativeError, OfNothing) {
  EXPECT_DOUBLE_EQ(relative_error(sample(0, 0)), 0);
  EXPECT_DOUBLE_EQ(relative_error(sample(0, 5)), 1);
}

TEST(TotalErrorOf, AddsUpTheSamples) {
  const TotalError error = total_error({sample(1000, 1000), sample(1000, 1009), sample(1000, 1011),
                                        sample(1000, 500), sample(1000, std::nullopt)});
  EXPECT_DOUBLE_EQ(error.worst, 1);
  EXPECT_DOUBLE_EQ(error.seconds_wrong, 3);
  EXPECT_NEAR(error.seconds_lost, 0.009 + 0.011 + 0.5 + 1, 1e-9);
}

TEST(TotalErrorOf, KnowsHowOftenSamplesWereTaken) {
  const TotalError error = total_error({sample(100, 50), sample(100, 50)}, 5);
  EXPECT_DOUBLE_EQ(error.worst, 0.5);
  EXPECT_DOUBLE_EQ(error.seconds_wrong, 10);
  EXPECT_DOUBLE_EQ(error.seconds_lost, 5);
}

TEST(TotalErrorOf, NoSamplesIsNothing) {
  const TotalError error = total_error({});
  EXPECT_EQ(error.worst + error.seconds_wrong + error.seconds_lost, 0);
}

}  // namespace
}  // namespace promster
