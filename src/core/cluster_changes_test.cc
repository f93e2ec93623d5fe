#include "core/cluster_changes.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <algorithm>

namespace promster {
namespace {

using Kind = MemberChange::Kind;
using Names = std::vector<std::string>;
// Targets by name, each with its owners.
using Owned = std::map<std::string, Names>;

ClusterPicture picture_of(const Names& members, const Owned& owned) {
  std::vector<Target> targets;
  for (const auto& [name, owners] : owned)
    targets.push_back({.key = "/t/" + name, .address = name});
  std::vector<const Target*> pointers;
  for (const Target& target : targets) pointers.push_back(&target);
  const std::size_t each = owned.empty() ? 1 : owned.begin()->second.size();
  Assignment assignment(members.size(), targets.size(), each, targets.size());
  std::size_t i = 0;
  for (const auto& [name, owners] : owned) {
    for (std::size_t place = 0; place < each; ++place) {
      const auto found = std::ranges::find(members, owners[place]);
      assignment.owners(i)[place] = static_cast<std::uint32_t>(found - members.begin());
    }
    ++i;
  }
  ClusterPicture picture{.targets = TargetTable(pointers)};
  picture.sharing = {.members = members, .assignment = std::move(assignment)};
  return picture;
}

ClusterChange change_of(const ClusterPicture& before, const ClusterPicture& after) {
  return target_changes(before, after, before.targets.places_of(after.targets));
}

// "a>b 2, >b 1".
std::string moves_of(const ClusterChange& change) {
  std::string text;
  for (const MoveCount& move : change.moves) {
    text +=
        (text.empty() ? "" : ", ") + move.from + '>' + move.to + ' ' + std::to_string(move.targets);
  }
  return text;
}

TEST(TargetChanges, SayWhatMovedFromWhomToWhom) {
  const ClusterPicture before =
      picture_of({"a", "b"}, {{"1", {"a"}}, {"2", {"a"}}, {"3", {"b"}}, {"4", {"b"}}});
  const ClusterPicture after =
      picture_of({"b", "c"}, {{"1", {"c"}}, {"2", {"c"}}, {"4", {"b"}}, {"5", {"c"}}});
  const ClusterChange change = change_of(before, after);
  EXPECT_EQ(change.targets_added, 1u);
  EXPECT_EQ(change.targets_removed, 1u);
  EXPECT_EQ(change.targets_moved, 2u);
  EXPECT_EQ(moves_of(change), "a>c 2, b> 1, >c 1");
  ASSERT_EQ(change.examples.size(), 4u);
  EXPECT_EQ(change.examples[0].address, "1");
  EXPECT_EQ(change.examples[0].from, "a");
  EXPECT_EQ(change.examples[0].to, "c");
  EXPECT_EQ(change.examples[3].address, "3");
  EXPECT_EQ(change.examples[3].to, "");
}

TEST(TargetChanges, OfTooManyMovesTheLargestAreKept) {
  Names members;
  for (int i = 0; i < 1'200; ++i) members.push_back("m" + std::to_string(i));
  Owned owned, moved;
  for (int i = 0; i < 1'200; ++i) {
    for (int target = 0; target < (i < 100 ? 1 : 2); ++target) {
      const std::string name = std::to_string(i) + "-" + std::to_string(target);
      owned[name] = {members[static_cast<std::size_t>(i)]};
      moved[name] = {members[static_cast<std::size_t>(i + 1) % members.size()]};
    }
  }
  const ClusterChange change = change_of(picture_of(members, owned), picture_of(members, moved));
  EXPECT_EQ(change.targets_moved, 2'300u);
  ASSERT_EQ(change.moves.size(), ClusterChange::kMostMoves);
  EXPECT_EQ(change.moves.back().targets, 2u);
}

TEST(TargetChanges, OfTheSameThereAreNone) {
  const ClusterPicture picture = picture_of({"a", "b"}, {{"1", {"a"}}, {"2", {"b"}}});
  EXPECT_EQ(moves_of(change_of(picture, picture)), "");
  EXPECT_EQ(change_of(picture, picture).targets_moved, 0u);
}

TEST(TargetChanges, OneOfTwoOwnersMoves) {
  const ClusterPicture before = picture_of({"a", "b", "c"}, {{"1", {"a", "b"}}});
  EXPECT_EQ(moves_of(change_of(before, picture_of({"a", "b", "c"}, {{"1", {"c", "a"}}}))), "b>c 1");
  EXPECT_EQ(moves_of(change_of(before, picture_of({"a", "b", "c"}, {{"1", {"b", "a"}}}))), "")
      << "the order of owners says nothing";
  EXPECT_EQ(moves_of(change_of(before, picture_of({"a"}, {{"1", {"a"}}}))), "b> 1");
}

TEST(TargetChanges, FewExamples) {
  Owned owned;
  for (int i = 0; i < 30; ++i) owned[std::to_string(i)] = {"a"};
  const ClusterChange change = change_of(picture_of({"a"}, {}), picture_of({"a"}, owned));
  EXPECT_EQ(change.examples.size(), ClusterChange::kMostExamples);
  EXPECT_EQ(moves_of(change), ">a 30");
}

TEST(TargetChanges, WhatEveryNodeScrapesDoesNotMove) {
  ClusterPicture before = picture_of({"a"}, {{"1", {"a"}}, {"2", {"a"}}});
  ClusterPicture after = picture_of({"a", "b"}, {{"1", {"b"}}, {"3", {"b"}}});
  before.sharded = after.sharded = false;
  const ClusterChange change = change_of(before, after);
  EXPECT_EQ(change.targets_added, 1u);
  EXPECT_EQ(change.targets_removed, 1u);
  EXPECT_EQ(change.targets_moved, 0u);
  EXPECT_TRUE(change.moves.empty());
}

// What is counted for a member is by how much its load grew or shrank.
RC_GTEST_PROP(TargetChanges, MovesExplainTheLoads, ()) {
  const Names members_before{"a", "b", "c"}, members_after{"b", "d", "c", "e"};
  const auto any = [](const Names& members) {
    Owned owned;
    for (const int target : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 15))) {
      const auto first = *rc::gen::inRange<std::size_t>(0, members.size());
      owned[std::to_string(target)] = {members[first], members[(first + 1) % members.size()]};
    }
    return owned;
  };
  const Owned before = any(members_before), after = any(members_after);
  std::map<std::string, int> growth;
  for (const auto& [target, owners] : before) {
    for (const std::string& owner : owners) --growth[owner];
  }
  for (const auto& [target, owners] : after) {
    for (const std::string& owner : owners) ++growth[owner];
  }
  const ClusterChange change =
      change_of(picture_of(members_before, before), picture_of(members_after, after));
  std::size_t moved = 0, seen_moved = 0;
  for (const auto& [target, owners] : before) {
    const auto found = after.find(target);
    moved += found != after.end() && std::set(owners.begin(), owners.end()) !=
                                         std::set(found->second.begin(), found->second.end());
  }
  for (const MoveCount& move : change.moves) {
    growth[move.from] += static_cast<int>(move.targets);
    growth[move.to] -= static_cast<int>(move.targets);
  }
  growth.erase("");
  for (const auto& [member, rest] : growth) RC_ASSERT(rest == 0);
  seen_moved = change.targets_moved;
  RC_ASSERT(seen_moved == moved);
}

// "n2 kept, n3 joined".
std::string told(const Membership& before, const Membership& after) {
  const std::map<Kind, std::string> words{{Kind::kJoined, "joined"},   {Kind::kLeft, "left"},
                                          {Kind::kDraining, "drains"}, {Kind::kKept, "kept"},
                                          {Kind::kBack, "back"},       {Kind::kOther, "restarted"}};
  std::string text;
  for (const MemberChange& change : member_changes(before, after)) {
    text += (text.empty() ? "" : ", ") + change.member + ' ' + words.at(change.kind);
    if (change.kind == Kind::kLeft) text += " (" + change.reason + ")";
  }
  return text;
}

TEST(MemberChanges, SayWhoCameAndWent) {
  const Member active{.instance = "1"};
  const Member draining{.state = MemberState::kDraining, .instance = "1"};
  const Membership both{.members = {{"a", active}, {"b", active}}};
  EXPECT_EQ(told(both, both), "");
  EXPECT_EQ(told({.members = {{"a", active}}}, both), "b joined");
  EXPECT_EQ(told(both, {.members = {{"a", active}}}), "b left (lease expired or revoked)");
  EXPECT_EQ(told(both, {.members = {{"a", draining}, {"c", active}}}),
            "a drains, b left (lease expired or revoked), c joined");
  EXPECT_EQ(told({.members = {{"a", draining}}}, {}), "a left (drained)");
  EXPECT_EQ(told({.members = {{"a", draining}}}, {.members = {{"a", active}}}), "");
}

TEST(MemberChanges, SayWhoIsKeptAndWhoIsBack) {
  const Membership there{.members = {{"a", {.instance = "1"}}}};
  const Membership kept{.members = there.members, .kept = {"a"}};
  EXPECT_EQ(told(there, kept), "a kept");
  EXPECT_EQ(told(kept, kept), "");
  EXPECT_EQ(told(kept, there), "a back");
  EXPECT_EQ(told(kept, {}), "a left (lease expired or revoked)");
  EXPECT_EQ(told(kept, {.members = {{"a", {.instance = "2"}}}}), "a back, a restarted");
}

TEST(MemberChanges, WhatElseANodeSaysIsNoChange) {
  EXPECT_EQ(told({.members = {{"a", {.applied = "x"}}}}, {.members = {{"a", {.applied = "y"}}}}),
            "");
}

}  // namespace
}  // namespace promster
