#include "agent/farewell.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace promster {
namespace {

class FarewellTest : public ::testing::Test {
 protected:
  int stops_ = 0;
  Farewell farewell_{[this] { ++stops_; }};
};

TEST_F(FarewellTest, EachStopIsPassedOn) {
  farewell_.asked(SIGTERM);
  EXPECT_EQ(stops_, 1);
  farewell_.wait_for_end([] {});
  farewell_.asked(SIGINT);
  EXPECT_EQ(stops_, 2);
}

TEST_F(FarewellTest, ADrainIsNotCutShortByTheFirstStop) {
  farewell_.asked(SIGUSR2);
  farewell_.asked(SIGUSR2);
  farewell_.asked(SIGTERM);
  EXPECT_EQ(stops_, 1);
  farewell_.wait_for_end([] {});
  farewell_.asked(SIGTERM);
  EXPECT_EQ(stops_, 2);
}

TEST_F(FarewellTest, ADrainDoesNotCutAStopShort) {
  farewell_.asked(SIGTERM);
  farewell_.asked(SIGUSR2);
  EXPECT_EQ(stops_, 1);
  farewell_.wait_for_end([] {});
}

TEST_F(FarewellTest, ADrainedNodeStaysUntilItIsStopped) {
  farewell_.asked(SIGUSR2);
  int turns = 0;
  // The first turn of the waiting thread has seen the wish to stay; then comes the stop.
  farewell_.wait_for_end([&] {
    if (++turns == 1) farewell_.asked(SIGTERM);
  });
  EXPECT_EQ(turns, 2);
  EXPECT_EQ(stops_, 1);
}

}  // namespace
}  // namespace promster
