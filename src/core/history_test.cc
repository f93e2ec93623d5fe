#include "core/history.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

SteadyTime at(int milliseconds) {
  return SteadyTime(Duration(milliseconds));
}

ClusterChange joined(const std::string& member) {
  return {.members = {{.member = member, .kind = MemberChange::Kind::kJoined}}};
}

ClusterChange added(std::size_t targets, const std::string& to = "n1") {
  return {.revision = 7,
          .targets_added = targets,
          .moves = {{.from = "", .to = to, .targets = targets}},
          .examples = std::vector<MovedTarget>(targets, {.address = "a", .from = "", .to = to})};
}

TEST(History, KeepsTheLastChangesWithTheirNumbers) {
  History history;
  EXPECT_TRUE(history.changes()->empty());
  for (int i = 1; i <= 1'003; ++i) history.add(joined(std::to_string(i)), at(i));
  const auto changes = history.changes();
  ASSERT_EQ(changes->size(), History::kMostChanges);
  EXPECT_EQ(changes->front()->id, 4u);
  EXPECT_EQ(changes->back()->id, 1'003u);
  EXPECT_EQ(changes->back()->members[0].member, "1003");
}

TEST(History, KeepsTheLastReloads) {
  History history;
  EXPECT_TRUE(history.reloads()->empty());
  for (int i = 1; i <= 105; ++i) history.add(ReloadRecord{.words = std::to_string(i)});
  const auto reloads = history.reloads();
  ASSERT_EQ(reloads->size(), History::kMostReloads);
  EXPECT_EQ(reloads->front()->id, 6u);
  EXPECT_EQ(reloads->back()->words, "105");
}

TEST(History, ChangesThatAreOneHaveNoMoreMovesThanOne) {
  History history;
  for (int i = 0; i < 1'100; ++i) history.add(added(1, std::to_string(i)), at(0));
  history.add(added(3, "last"), at(1));
  const ClusterChange& change = *history.changes()->front();
  EXPECT_EQ(change.targets_added, 1'103u);
  ASSERT_EQ(change.moves.size(), ClusterChange::kMostMoves);
  EXPECT_EQ(change.moves.front().to, "last");
}

TEST(History, ChangesOfTargetsWithinTenSecondsAreOne) {
  History history;
  history.add(added(1), at(0));
  history.add({.revision = 9, .targets_removed = 2, .moves = {{"n2", "", 2}}}, at(5'000));
  history.add(added(4), at(9'999));
  const auto changes = history.changes();
  ASSERT_EQ(changes->size(), 1u);
  const ClusterChange& change = *changes->front();
  EXPECT_EQ(change.targets_added, 5u);
  EXPECT_EQ(change.targets_removed, 2u);
  EXPECT_EQ(change.revision, 7);
  ASSERT_EQ(change.moves.size(), 2u);
  EXPECT_EQ(change.moves[0].to, "n1") << "the most first";
  EXPECT_EQ(change.moves[0].targets, 5u);
  EXPECT_EQ(change.moves[1].from, "n2");
  history.add(added(1), at(10'000));
  EXPECT_EQ(history.changes()->size(), 2u) << "ten seconds after the first, not after the last";
}

TEST(History, WhatMovesSinceTargetsCameBelongsToThem) {
  History history;
  history.add(added(1), at(0));
  history.add({.targets_added = 1, .targets_moved = 3}, at(1'000));
  ASSERT_EQ(history.changes()->size(), 1u);
  EXPECT_EQ(history.changes()->front()->targets_moved, 3u);
}

TEST(History, AChangeOfMembersStandsAlone) {
  History history;
  history.add(added(1), at(0));
  history.add(joined("n2"), at(1));
  history.add(added(1), at(2));
  history.add(added(1), at(3));
  EXPECT_EQ(history.changes()->size(), 3u);
}

TEST(History, FewExamplesAreKept) {
  History history;
  history.add(added(15), at(0));
  history.add(added(15, "n2"), at(1));
  const ClusterChange& change = *history.changes()->front();
  ASSERT_EQ(change.examples.size(), ClusterChange::kMostExamples);
  EXPECT_EQ(change.examples[14].to, "n1");
  EXPECT_EQ(change.examples[15].to, "n2");
}

TEST(History, SaysHowLongAChangeTook) {
  History history;
  history.add(joined("n2"), at(1'000));
  history.settled(at(1'100));
  EXPECT_EQ(history.changes()->front()->settled_seconds, std::nullopt) << "it is not written yet";
  history.written(at(1'500));
  EXPECT_EQ(history.changes()->front()->settled_seconds, std::nullopt);
  history.add(joined("n3"), at(2'000));
  history.settled(at(3'000));
  history.written(at(4'000));
  history.settled(at(6'000));
  history.written(at(9'000));
  history.settled(at(9'000));
  const auto changes = history.changes();
  EXPECT_EQ(changes->at(0)->written_seconds, 0.5);
  EXPECT_EQ(changes->at(0)->settled_seconds, 2.0);
  EXPECT_EQ(changes->at(1)->written_seconds, 2.0);
  EXPECT_EQ(changes->at(1)->settled_seconds, 4.0);
}

TEST(History, TheTimeOfAMergedChangeIsThatOfItsLatestPart) {
  History history;
  history.add(added(1), at(0));
  history.written(at(200));
  history.settled(at(200));
  history.add(added(1), at(3'000));
  EXPECT_EQ(history.changes()->front()->written_seconds, std::nullopt);
  history.written(at(4'000));
  history.settled(at(5'000));
  EXPECT_EQ(history.changes()->front()->written_seconds, 1.0);
  EXPECT_EQ(history.changes()->front()->settled_seconds, 2.0);
}

TEST(History, WhatWasHandedOutStaysAsItWas) {
  History history;
  history.add(added(1), at(0));
  history.add(ReloadRecord{});
  const auto changes = history.changes();
  const auto reloads = history.reloads();
  history.add(added(1), at(1));
  history.written(at(2));
  history.settled(at(2));
  history.add(joined("n2"), at(3));
  history.add(ReloadRecord{});
  ASSERT_EQ(changes->size(), 1u);
  EXPECT_EQ(changes->front()->targets_added, 1u);
  EXPECT_EQ(changes->front()->written_seconds, std::nullopt);
  EXPECT_EQ(reloads->size(), 1u);
  EXPECT_EQ(history.changes()->size(), 2u);
}

TEST(History, WhatDidNotChangeIsNotMadeAgain) {
  History history;
  history.add(joined("n2"), at(0));
  history.written(at(1));
  history.settled(at(1));
  const auto changes = history.changes();
  history.written(at(2));
  history.settled(at(2));
  EXPECT_EQ(history.changes(), changes);
  EXPECT_EQ(history.reloads(), history.reloads());
}

}  // namespace
}  // namespace promster
