#include "core/what_if.h"

#include <gtest/gtest.h>

#include "core/legacy_ring.h"
#include "core/reference_algorithms.h"

namespace promster {
namespace {

using Names = std::vector<std::string>;

class WhatIfTest : public testing::Test {
 protected:
  WhatIfTest() {
    for (int i = 0; i < 100; ++i) names_.push_back("10.1.0." + std::to_string(i) + ":3000");
    for (const std::string& name : names_) targets_.push_back({name, name});
  }
  WhatIfQuestion question(Names join, Names leave) const {
    return {.targets = targets_,
            .members = {"c:9090", "a:9090", "b:9090"},
            .join = std::move(join),
            .leave = std::move(leave)};
  }

  Names names_;
  std::vector<ShardTarget> targets_;
};

TEST_F(WhatIfTest, NothingMovesWhereNothingHappens) {
  const auto answer = what_if(question({}, {}));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->before.members, (Names{"a:9090", "b:9090", "c:9090"}));
  EXPECT_EQ(answer->after.members, answer->before.members);
  EXPECT_EQ(answer->moved, 0U);
  EXPECT_TRUE(answer->moves.empty());
  EXPECT_LE(answer->balance_before.most, 37U);
}

TEST_F(WhatIfTest, SomeJoinAndSomeLeave) {
  const auto answer = what_if(question({"d:9090", "e:9090"}, {"a:9090"}));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->after.members, (Names{"b:9090", "c:9090", "d:9090", "e:9090"}));
  EXPECT_EQ(answer->balance_after.fair, 25);
  EXPECT_EQ(answer->fewest, 50);
  EXPECT_GE(answer->moved, 50U);
  EXPECT_LE(answer->moved, 70U);
  EXPECT_EQ(answer->moved, answer->moves.size());
}

TEST_F(WhatIfTest, EveryAlgorithmIsTheOneOfItsName) {
  for (const AnyAlgorithm algorithm : kEveryAlgorithm) {
    WhatIfQuestion asked = question({}, {"c:9090"});
    asked.algorithm = algorithm;
    asked.options = {.slack = 0.3, .replicas = 2};
    const Names left{"a:9090", "b:9090"};
    const Assignment expected =
        algorithm == AnyAlgorithm::kBounded      ? assign(targets_, left, asked.options)
        : algorithm == AnyAlgorithm::kLegacy     ? legacy_assign(targets_, left)
        : algorithm == AnyAlgorithm::kRendezvous ? rendezvous_assign(targets_, left, 2)
                                                 : hashmod_assign(targets_, left, 2);
    EXPECT_EQ(what_if(asked)->after.assignment, expected) << any_algorithm_name(algorithm);
  }
  EXPECT_EQ(any_algorithm_name(any_algorithm(ShardAlgorithm::kLegacy)), "legacy");
  EXPECT_EQ(any_algorithm_name(any_algorithm(ShardAlgorithm::kBounded)), "bounded");
  EXPECT_EQ(any_algorithm_name(AnyAlgorithm::kHashmod), "hashmod");
}

TEST_F(WhatIfTest, WhatCannotHappenIsSaid) {
  EXPECT_EQ(what_if(question({}, {"a:909"})).error().message,
            "\"a:909\" is no member; did you mean a:9090?");
  EXPECT_FALSE(what_if(question({"a:9090"}, {})).ok());
  EXPECT_FALSE(what_if(question({}, {"a:9090", "b:9090", "c:9090"})).ok());
  EXPECT_FALSE(what_if(question({}, {"a:9090", "a:9090"})).ok());
}

TEST_F(WhatIfTest, NewNamesAreNew) {
  EXPECT_EQ(new_members(2, Names{"new-1:9090", "a:9090"}), (Names{"new-2:9090", "new-3:9090"}));
}

}  // namespace
}  // namespace promster
