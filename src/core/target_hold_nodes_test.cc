// Targets that are nodes of the level below are held alone, too.
#include <gtest/gtest.h>

#include "core/target_hold_for_test.h"

namespace promster {
namespace {

using namespace target_hold_test;

// Of ten nodes.
struct Nodes : HoldingNode {
  explicit Nodes(TargetHold::Options options = {}) : HoldingNode(options) {
    nodes(numbered(0, 10), numbered(0, 10));
    list(numbered(0, 10));
  }
};

TEST(TargetHoldNodesTest, ANodeThatVanishesAloneIsHeld) {
  Nodes node;
  EXPECT_TRUE(node.vanish(numbered(0, 1), numbered(1, 10)));
  EXPECT_EQ(node.held(), numbered(0, 1));
  EXPECT_TRUE(node.hold().held()[0].alone);
  EXPECT_EQ(node.hold().deadline(), node.now() + TargetHold::kAlone);
  EXPECT_FALSE(node.pass(TargetHold::kAlone - seconds(1)));
  EXPECT_TRUE(node.pass(seconds(1)));
  EXPECT_EQ(node.file(), numbered(1, 10));
}

TEST(TargetHoldNodesTest, OnlyNodesAre) {
  Nodes node;
  node.list(numbered(0, 11));
  EXPECT_FALSE(node.list(numbered(0, 10)));
}

TEST(TargetHoldNodesTest, OnlyWhileItsSiblingsDoNotCountItsShare) {
  Nodes node({.settle = seconds(5)});
  node.vanish(numbered(0, 1), numbered(1, 10));
  node.nodes(numbered(1, 9), numbered(1, 10));
  EXPECT_EQ(node.hold().deadline(), node.now() + TargetHold::kAlone);
  node.nodes(numbered(9, 10), numbered(1, 10));
  EXPECT_EQ(node.hold().deadline(), node.now() + seconds(5));
  node.nodes(numbered(1, 10), numbered(1, 10));
  EXPECT_FALSE(node.pass(seconds(4)));
  node.nodes(numbered(1, 10), numbered(1, 10));
  EXPECT_TRUE(node.pass(seconds(1))) << "whatever they say meanwhile";
  EXPECT_EQ(node.held(), Names{});
}

TEST(TargetHoldNodesTest, ManyNodesAreHeldLongButNotOnceTheyAreReplaced) {
  Nodes node;
  node.vanish(numbered(0, 1), numbered(1, 10));
  node.pass(seconds(10));
  EXPECT_TRUE(node.vanish(numbered(1, 6), numbered(6, 10)));
  EXPECT_EQ(node.held(), numbered(0, 6));
  for (const auto& held : node.hold().held()) {
    EXPECT_EQ(held.until, node.now() + minutes(15));
    EXPECT_FALSE(held.alone);
  }
  node.nodes(numbered(6, 10), numbered(6, 10));
  EXPECT_EQ(node.held(), Names{});
}

TEST(TargetHoldNodesTest, ANodeThatWasLetGoIsNotHeldWithOthers) {
  Nodes node;
  node.vanish(numbered(0, 1), numbered(1, 10));
  node.nodes(numbered(1, 10), numbered(1, 10));
  EXPECT_EQ(node.held(), Names{});
  node.vanish(numbered(1, 7), numbered(7, 10));
  EXPECT_EQ(node.held(), numbered(1, 7));
}

// Else both it and its siblings would be counted for as long as the hold of many.
TEST(TargetHoldNodesTest, ANodeThatIsReplacedIsNotHeldLongerWithOthers) {
  Nodes node({.settle = seconds(5)});
  node.vanish(numbered(0, 1), numbered(1, 10));
  node.nodes(numbered(1, 10), numbered(1, 10));
  const auto until = node.now() + seconds(5);
  node.pass(seconds(2));
  node.vanish(numbered(1, 7), numbered(7, 10));
  EXPECT_EQ(node.held(), numbered(0, 7));
  EXPECT_EQ(node.hold().held()[0].until, until);
  EXPECT_TRUE(node.pass(seconds(3)));
  EXPECT_EQ(node.held(), numbered(1, 7));
}

TEST(TargetHoldNodesTest, ANodeThatIsBackIsNotHeld) {
  Nodes node;
  node.vanish(numbered(0, 1), numbered(1, 10));
  node.nodes(numbered(0, 1), numbered(0, 10));
  EXPECT_TRUE(node.list(numbered(0, 10)));
  EXPECT_EQ(node.held(), Names{});
  Nodes off({.hold = Duration::zero()});
  EXPECT_FALSE(off.vanish(numbered(0, 1), numbered(1, 10))) << "switched off";
}

}  // namespace
}  // namespace promster
