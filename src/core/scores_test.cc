#include "core/scores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/assignment.h"

namespace promster {
namespace {

// Frozen: nodes of different versions must agree. Computed from the published algorithm by a second
// implementation, not by the library.
TEST(ScoresTest, HashesAreFrozen) {
  EXPECT_EQ(shard_hash(""), 0x2d06800538d394c2);  // as in xxHash's own tests
  EXPECT_EQ(shard_hash("10.1.0.1:3000"), 0x2a4d5ad051ee233f);
  EXPECT_EQ(shard_hash("10.0.0.1:9090"), 0x5c60d74a716e75c0);
  EXPECT_EQ(shard_hash("node-7.example"), 0x982825fe8d6fd852);
}

TEST(ScoresTest, ScoresAreFrozen) {
  EXPECT_EQ(rendezvous_score("10.1.0.1:3000", "10.0.0.1:9090"), 0xc865d7cae4e47645);
  EXPECT_EQ(rendezvous_score("10.1.0.1:3000", "10.0.0.2:9090"), 0x157bf9deb9e59d37);
  EXPECT_EQ(rendezvous_score("10.1.0.2:3000", "10.0.0.1:9090"), 0xa93547b5e954839d);
  EXPECT_EQ(rendezvous_score("10.1.0.2:3000", "10.0.0.2:9090"), 0xb4f8f8defc6588d7);
  EXPECT_EQ(rendezvous_score("node-7.example", "10.0.0.1:9090"), 0x7e150e821d2f951b);
  EXPECT_EQ(rendezvous_score("node-7.example", "10.0.0.2:9090"), 0x7f0014613ac114e2);
}

TEST(ScoresTest, RanksAreByName) {
  const std::vector<std::string> members{"b:1", "a:1", "c:1", "B:1"};
  const Scores scores(members);
  ASSERT_EQ(scores.size(), 4U);
  EXPECT_EQ(scores.input_index(0), 3U);
  EXPECT_EQ(scores.input_index(1), 1U);
  EXPECT_EQ(scores.input_index(2), 0U);
  EXPECT_EQ(scores.input_index(3), 2U);
  EXPECT_EQ(scores.score(shard_hash("t"), 2), rendezvous_score("t", "b:1"));
}

TEST(ScoresTest, WishesComeInOrderOfScoreAndSkipTheFull) {
  const std::vector<std::string> members{"a:1", "b:1", "c:1", "d:1", "e:1"};
  const Scores scores(members);
  const std::uint64_t target = shard_hash("t:1");
  std::vector<std::uint32_t> room(members.size(), 1);
  std::vector<Wish> wishes;
  for (std::optional<Wish> wish; (wish = scores.next(target, room, wish));) wishes.push_back(*wish);
  ASSERT_EQ(wishes.size(), members.size());
  for (std::size_t i = 0; i + 1 < wishes.size(); ++i) EXPECT_TRUE(wishes[i].before(wishes[i + 1]));
  room[wishes[0].rank] = room[wishes[2].rank] = 0;
  EXPECT_EQ(scores.next(target, room, std::nullopt)->rank, wishes[1].rank);
  EXPECT_EQ(scores.next(target, room, wishes[1])->rank, wishes[3].rank);
  EXPECT_FALSE(scores.next(target, room, wishes[4]).has_value());
}

TEST(ScoresTest, OfEqualScoresTheLowerRankComesFirst) {
  EXPECT_TRUE((Wish{.score = 7, .rank = 1}.before({.score = 7, .rank = 2})));
  EXPECT_FALSE((Wish{.score = 7, .rank = 2}.before({.score = 7, .rank = 2})));
  EXPECT_TRUE((Wish{.score = 8, .rank = 2}.before({.score = 7, .rank = 1})));
}

// Neighbouring addresses are what real fleets have: 100,000 of them over 20 members must spread as
// evenly as chance would (chi-squared with 19 degrees of freedom; 45 is passed once in 1,500 tries,
// and the input is always the same).
TEST(ScoresTest, NeighbouringAddressesSpreadEvenly) {
  std::vector<std::string> members;
  for (int i = 0; i < 20; ++i) members.push_back("10.0.0." + std::to_string(i) + ":9090");
  const Scores scores(members);
  const std::vector<std::uint32_t> room(members.size(), 1);
  std::vector<double> load(members.size());
  constexpr int kTargets = 100'000;
  for (int i = 0; i < kTargets; ++i) {
    const std::string address = "10.1." + std::to_string(i / 256) + "." + std::to_string(i % 256);
    ++load[scores.next(shard_hash(address + ":3000"), room, std::nullopt)->rank];
  }
  double chi_squared = 0;
  const double mean = kTargets / static_cast<double>(members.size());
  for (const double count : load) chi_squared += (count - mean) * (count - mean) / mean;
  EXPECT_LT(chi_squared, 45);
}

}  // namespace
}  // namespace promster
