#include "cluster/wait.h"

#include <gtest/gtest.h>

#include <chrono>

namespace promster {
namespace {

TEST(Wait, ReturnsAsSoonAsItIsSo) {
  int asked = 0;
  EXPECT_TRUE(wait_for("three", std::chrono::seconds(10), [&] { return ++asked == 3; }));
  EXPECT_EQ(asked, 3);
}

TEST(Wait, AsksAtLeastOnce) {
  EXPECT_TRUE(wait_for("now", Duration(0), [] { return true; }));
}

TEST(Wait, SaysWhatItWaitedForAndTheLastReason) {
  const auto waited =
      wait_for("etcd to answer", Duration(10), []() -> Result<void> { return Error{"refused"}; });
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().message, "wait for etcd to answer: not within 10ms: refused");
}

}  // namespace
}  // namespace promster
