#include "core/movement.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace promster {
namespace {

using Names = std::vector<std::string>;

Sharing sharing(Names members, std::size_t owners_each,
                const std::vector<std::vector<std::uint32_t>>& owners) {
  Assignment assignment(members.size(), owners.size(), owners_each, owners.size());
  for (std::size_t i = 0; i < owners.size(); ++i) {
    std::ranges::copy(owners[i], assignment.owners(i).begin());
  }
  return {.members = std::move(members), .assignment = std::move(assignment)};
}

TEST(MovementTest, NamesWhoLostAndWhoWon) {
  const Sharing before = sharing({"a", "b", "c"}, 1, {{0}, {1}, {2}, {2}});
  const Sharing after = sharing({"b", "c", "d"}, 1, {{0}, {0}, {1}, {2}});
  const auto moves = moves_between(before, after);
  ASSERT_EQ(moves.size(), 2U);
  EXPECT_EQ(moves[0].target, 0U);
  EXPECT_EQ(moves[0].from, Names{"a"});
  EXPECT_EQ(moves[0].to, Names{"b"});
  EXPECT_EQ(moves[1].target, 3U);
  EXPECT_EQ(moves[1].from, Names{"c"});
  EXPECT_EQ(moves[1].to, Names{"d"});
  EXPECT_EQ(count_moved(moves), 2U);
}

TEST(MovementTest, OfTwoOwnersOnlyTheOneThatChangedMoves) {
  const Sharing before = sharing({"a", "b", "c"}, 2, {{0, 1}, {1, 2}});
  const Sharing after = sharing({"c", "b", "a"}, 2, {{1, 2}, {2, 1}});
  const auto moves = moves_between(before, after);
  ASSERT_EQ(moves.size(), 1U);
  EXPECT_EQ(moves[0].target, 1U);
  EXPECT_EQ(moves[0].from, Names{"c"});
  EXPECT_EQ(moves[0].to, Names{"a"});
}

TEST(MovementTest, ALostReplicaIsAMoveThatNobodyStarts) {
  const auto moves = moves_between(sharing({"a", "b"}, 2, {{0, 1}}), sharing({"a"}, 1, {{0}}));
  ASSERT_EQ(moves.size(), 1U);
  EXPECT_EQ(moves[0].from, Names{"b"});
  EXPECT_EQ(count_moved(moves), 0U);
}

TEST(MovementTest, TargetsThatOnlyOneHasDoNotCount) {
  const Sharing few = sharing({"a", "b"}, 1, {{0}});
  const Sharing many = sharing({"a", "b"}, 1, {{1}, {0}, {0}});
  EXPECT_EQ(moves_between(few, many).size(), 1U);
  EXPECT_EQ(moves_between(many, few).size(), 1U);
  EXPECT_TRUE(moves_between(sharing({}, 0, {{}, {}}), many).empty()) << "nobody owned anything";
}

TEST(MovementTest, Balance) {
  const Balance balance = balance_of(sharing({"a", "b", "c"}, 1, {{0}, {0}, {0}, {1}, {0}, {1}}));
  EXPECT_EQ(balance.most, 4U);
  EXPECT_EQ(balance.least, 0U);
  EXPECT_EQ(balance.fair, 2);
  EXPECT_EQ(balance.max_over_mean, 2);
  EXPECT_EQ(balance_of(sharing({"a"}, 1, {})).max_over_mean, 1);
  EXPECT_EQ(balance_of({}).max_over_mean, 1);
}

TEST(MovementTest, TheFewestMoves) {
  const Sharing three = sharing({"a", "b", "c"}, 1, {{0}, {0}, {0}, {1}, {2}, {1}});
  const Sharing two = sharing({"b", "c"}, 1, {{0}, {0}, {1}, {1}, {0}, {1}});
  EXPECT_EQ(fewest_moves(three, two), 3) << "what a had";
  EXPECT_EQ(fewest_moves(two, three), 2) << "a fair share for a";
  EXPECT_EQ(fewest_moves(two, two), 0);
}

RC_GTEST_PROP(MovementTest, MovesTurnOneSharingIntoTheOther, ()) {
  const auto any_sharing = [](const Names& members) {
    std::vector<std::vector<std::uint32_t>> owners;
    for (int i = 0; i < 20; ++i) {
      const auto first = *rc::gen::inRange<std::uint32_t>(0, 4);
      owners.push_back({first, (first + *rc::gen::inRange<std::uint32_t>(1, 4)) % 4});
    }
    return sharing(members, 2, owners);
  };
  const Sharing before = any_sharing({"a", "b", "c", "d"}),
                after = any_sharing({"c", "x", "a", "y"});
  const auto names = [](const Sharing& of, std::size_t target) {
    std::set<std::string> result;
    for (const auto owner : of.assignment.owners(target)) result.insert(of.members[owner]);
    return result;
  };
  const auto moves = moves_between(before, after);
  for (std::size_t i = 0; i < 20; ++i) {
    auto owners = names(before, i);
    for (const Move& move : moves) {
      if (move.target != i) continue;
      for (const std::string& name : move.from) RC_ASSERT(owners.erase(name) == 1U);
      for (const std::string& name : move.to) RC_ASSERT(owners.insert(name).second);
    }
    RC_ASSERT(owners == names(after, i));
  }
}

}  // namespace
}  // namespace promster
