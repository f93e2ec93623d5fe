#include "core/explain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/shard_algorithm.h"

namespace promster {
namespace {

using Names = std::vector<std::string>;
using enum ShardAlgorithm;

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    for (int i = 0; i < 60; ++i) names_.push_back("10.1.0." + std::to_string(i) + ":3000");
    for (const std::string& name : names_) targets_.push_back({name, name});
  }
  Names owners(ShardAlgorithm algorithm, const Names& members, std::size_t target) const {
    const Assignment assignment = assign_by(algorithm, targets_, members, options_);
    Names result;
    for (const auto owner : assignment.owners(target)) result.push_back(members[owner]);
    return result;
  }

  Names names_;
  std::vector<ShardTarget> targets_;
  AssignOptions options_;
  const Names members_{"10.0.0.1:9090", "10.0.0.2:9090", "10.0.0.3:9090", "10.0.0.4:9090"};
};

TEST_F(ExplainTest, NamesTheOwnerAndWhoIsNext) {
  for (const ShardAlgorithm algorithm : {kBounded, kLegacy}) {
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const Explanation told = explain(algorithm, targets_, members_, options_, i);
      ASSERT_EQ(told.owners, owners(algorithm, members_, i));
      Names others = members_;
      std::erase(others, told.owners[0]);
      EXPECT_EQ(told.without.at(told.owners[0]), owners(algorithm, others, i));
      EXPECT_EQ(told.next_owner, owners(algorithm, others, i)[0]);
    }
  }
}

TEST_F(ExplainTest, OnlyFullMembersScoreHigherThanTheOwner) {
  int crowded = 0;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Explanation told = explain(kBounded, targets_, members_, options_, i);
    ASSERT_EQ(told.scores.size(), members_.size());
    const auto owner = std::ranges::find(told.scores, true, &MemberScore::owner);
    ASSERT_EQ(owner->member, told.owners[0]);
    for (auto score = told.scores.begin(); score != owner; ++score) {
      EXPECT_EQ(score->load, told.capacity);
      EXPECT_GE(score->score, std::next(score)->score);
      EXPECT_NE(told.why.find(score->member), std::string::npos) << told.why;
    }
    crowded += owner != told.scores.begin() ? 1 : 0;
  }
  EXPECT_GT(crowded, 0) << "none of these was interesting";
}

TEST_F(ExplainTest, OnTheRingTheNearestOwns) {
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Explanation told = explain(kLegacy, targets_, members_, options_, i);
    EXPECT_TRUE(told.scores[0].owner);
    EXPECT_EQ(told.scores[1].member, told.next_owner);
    EXPECT_GT(told.scores[0].score, told.scores[1].score);
    EXPECT_LE(told.scores[0].score, 1);
    EXPECT_GE(told.scores[3].score, 0);
  }
}

TEST_F(ExplainTest, OfTwoOwnersEachHasASuccessor) {
  options_.replicas = 2;
  const Explanation told = explain(kBounded, targets_, members_, options_, 7);
  ASSERT_EQ(told.owners.size(), 2U);
  ASSERT_EQ(told.without.size(), 2U);
  for (const std::string& owner : told.owners) {
    EXPECT_EQ(std::ranges::count(told.without.at(owner), owner), 0);
    EXPECT_EQ(told.without.at(owner).size(), 2U);
  }
  EXPECT_EQ(std::ranges::count(told.owners, told.next_owner), 0);
}

TEST_F(ExplainTest, ALoneMemberHasNoSuccessor) {
  const Explanation told = explain(kBounded, targets_, Names{"a:9090"}, options_, 0);
  EXPECT_EQ(told.owners, Names{"a:9090"});
  EXPECT_EQ(told.next_owner, "");
  EXPECT_TRUE(told.without.at("a:9090").empty());
  EXPECT_EQ(told.scores[0].load, 60U);
}

}  // namespace
}  // namespace promster
