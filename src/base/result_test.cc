#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace promster {
namespace {

TEST(ErrorTest, ReadsAsAPathOutermostFirst) {
  const Error error = Error{"Permission denied"}.within("rename").within("write rules.yml");
  EXPECT_EQ(error.message, "write rules.yml: rename: Permission denied");
}

TEST(ResultTest, HoldsAValue) {
  Result<std::string> result = std::string("x");
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, "x");
  EXPECT_EQ(result->size(), 1U);
  result.value() += "y";
  EXPECT_EQ(result.value(), "xy");
}

TEST(ResultTest, HoldsAnError) {
  const Result<std::string> result = Error{"no"};
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.error(), Error{"no"});
}

TEST(ResultTest, GivesAwayWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(ResultTest, MayHoldAnErrorOfItsOwnKind) {
  enum class Why { kGone };
  const Result<int, Why> result = Why::kGone;
  EXPECT_EQ(result.error(), Why::kGone);
  const Result<void, Why> nothing = Why::kGone;
  EXPECT_EQ(nothing.error(), Why::kGone);
}

TEST(ResultTest, OfNothingSucceedsByDefault) {
  const auto work = [](bool well) -> Result<void> {
    if (!well) return Error{"no"};
    return {};
  };
  EXPECT_TRUE(work(true).ok());
  EXPECT_EQ(work(false).error().message, "no");
}

TEST(ResultDeathTest, AskingForWhatIsNotThereEndsTheProcess) {
  const Result<int> value = 1, error = Error{"no"};
  const Result<void> fine;
  EXPECT_DEATH(static_cast<void>(*error), "");
  EXPECT_DEATH(static_cast<void>(value.error()), "");
  EXPECT_DEATH(static_cast<void>(fine.error()), "");
}

}  // namespace
}  // namespace promster
