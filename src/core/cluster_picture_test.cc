#include "core/cluster_picture.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <algorithm>

namespace promster {
namespace {

const std::vector<std::string> kMembers{"10.0.0.1:9090", "Node-B:9090", "node-c:9090"};

// Target i is owned by the member at owners[i], and the one behind it.
ClusterPicture picture_of(const std::vector<Target>& targets,
                          const std::vector<std::uint32_t>& owners) {
  std::vector<const Target*> pointers;
  for (const Target& target : targets) pointers.push_back(&target);
  Assignment assignment(kMembers.size(), targets.size(), 2, targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    assignment.owners(i)[0] = owners[i];
    assignment.owners(i)[1] = (owners[i] + 1) % 3;
  }
  ClusterPicture picture{.targets = TargetTable(pointers)};
  picture.sharing = {.members = kMembers, .assignment = std::move(assignment)};
  return picture;
}

ClusterPicture shops() {
  return picture_of({{.key = "/t/App/10.1.0.1:80", .address = "10.1.0.1:80"},
                     {.key = "/t/app/10.1.0.2:80",
                      .address = "10.1.0.2:80",
                      .labels = {{"prsn", "app"}, {"shop", "Berlin"}}},
                     {.key = "/t/db/10.1.0.1:80", .address = "10.1.0.1:80"}},
                    {0, 1, 2});
}

std::vector<std::size_t> found(const std::string& words, const std::string& owner = "") {
  return search_targets(shops(), {.words = words, .owner = owner}).targets;
}

using Indices = std::vector<std::size_t>;

TEST(SearchTargets, FindsWordsInAllThatATargetSays) {
  EXPECT_EQ(found(""), (Indices{0, 1, 2}));
  EXPECT_EQ(found("10.1.0.1"), (Indices{0, 2}));
  EXPECT_EQ(found("shop"), (Indices{1})) << "a label's name";
  EXPECT_EQ(found("berlin"), (Indices{1})) << "a label's value, in another case";
  EXPECT_EQ(found("APP"), (Indices{0, 1})) << "a key";
  EXPECT_EQ(found("app 0.2"), (Indices{1})) << "both words";
  EXPECT_EQ(found("  app  0.1:80 "), (Indices{0})) << "more spaces say nothing";
  EXPECT_EQ(found("app db"), Indices{});
  EXPECT_EQ(found("shopberlin"), Indices{}) << "a word is not spread over two";
}

TEST(SearchTargets, FindsWhatAMemberOwnsByItsName) {
  EXPECT_EQ(found("10.0.0.1:9090"), (Indices{0, 2}));
  EXPECT_EQ(found("NODE-b"), (Indices{0, 1}));
  EXPECT_EQ(found("node-b 10.0.0.1"), (Indices{0})) << "owned by both";
  EXPECT_EQ(found("node-b berlin"), (Indices{1})) << "a word of the owner, one of the target";
  EXPECT_EQ(found("", "node-c:9090"), (Indices{1, 2}));
  EXPECT_EQ(found("", "node-c"), Indices{}) << "that is no member";
  EXPECT_EQ(found("db", "node-c:9090"), (Indices{2}));
}

TEST(SearchTargets, GivesAPageOfAllThatMatch) {
  const ClusterPicture picture = shops();
  const auto page = [&](std::size_t offset, std::size_t limit) {
    const TargetMatches matches =
        search_targets(picture, {.words = "80", .offset = offset, .limit = limit});
    EXPECT_EQ(matches.total, 3u);
    return matches.targets;
  };
  EXPECT_EQ(page(0, 2), (Indices{0, 1}));
  EXPECT_EQ(page(2, 2), (Indices{2}));
  EXPECT_EQ(page(3, 2), Indices{});
  EXPECT_EQ(page(0, 0), Indices{});
}

TEST(SearchTargets, AnEmptyPictureHasNothing) {
  EXPECT_EQ(search_targets({}, {.words = "a"}).total, 0u);
  EXPECT_EQ(search_targets({}, {}).total, 0u);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return text;
}

bool naive_match(const Target& target, const std::vector<std::string>& owners,
                 const std::vector<std::string>& words) {
  std::vector<std::string> texts{target.key, target.address};
  for (const auto& [name, value] : target.labels.pairs()) {
    texts.push_back(name);
    texts.push_back(value);
  }
  texts.insert(texts.end(), owners.begin(), owners.end());
  return std::ranges::all_of(words, [&](const std::string& word) {
    return std::ranges::any_of(texts, [&](const std::string& text) {
      return lower(text).find(lower(word)) != std::string::npos;
    });
  });
}

RC_GTEST_PROP(SearchTargets, FindsWhatANaiveSearchFinds, ()) {
  const auto text = rc::gen::container<std::string>(rc::gen::element('a', 'A', 'b', '0', ':'));
  std::vector<Target> targets;
  std::vector<std::uint32_t> first_owners;
  for (std::size_t n = *rc::gen::inRange<std::size_t>(0, 12); n > 0; --n) {
    targets.push_back({.key = *text, .address = *text, .labels = {{"b" + *text, *text}}});
    first_owners.push_back(*rc::gen::inRange<std::uint32_t>(0, 3));
  }
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::element<std::string>("a", "AB", "b0", ":", "node", "90", "B:")));
  const std::string owner = *rc::gen::element<std::string>("", kMembers[0], kMembers[2]);
  TargetQuery query{.owner = owner,
                    .offset = *rc::gen::inRange<std::size_t>(0, 4),
                    .limit = *rc::gen::inRange<std::size_t>(0, 6)};
  for (const std::string& word : words) query.words += word + ' ';
  Indices all;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::vector<std::string> owners{kMembers[first_owners[i]],
                                          kMembers[(first_owners[i] + 1) % 3]};
    const bool his = owner.empty() || std::ranges::find(owners, owner) != owners.end();
    if (his && naive_match(targets[i], owners, words)) all.push_back(i);
  }
  const TargetMatches matches = search_targets(picture_of(targets, first_owners), query);
  RC_ASSERT(matches.total == all.size());
  const std::size_t from = std::min(query.offset, all.size());
  const std::size_t to = std::min(from + query.limit, all.size());
  RC_ASSERT(matches.targets == Indices(all.begin() + static_cast<std::ptrdiff_t>(from),
                                       all.begin() + static_cast<std::ptrdiff_t>(to)));
}

TEST(ClusterPicture, FindsATargetByKeyOrAddress) {
  const ClusterPicture picture = shops();
  EXPECT_EQ(picture.find("/t/db/10.1.0.1:80"), 2u);
  EXPECT_EQ(picture.find("10.1.0.1:80"), 0u) << "the first of them";
  EXPECT_EQ(picture.find("10.1.0.2:80"), 1u);
  EXPECT_EQ(picture.find("10.1.0.2"), std::nullopt);
  EXPECT_EQ(ClusterPicture().find(""), std::nullopt);
}

TEST(ClusterPicture, TargetsAreHashedByAddressOrByALabelThatTheyHave) {
  ClusterPicture picture = shops();
  picture.shard_key = "address";
  EXPECT_EQ(picture.shard_targets()[1].shard_key, "10.1.0.2:80");
  picture.shard_key = "shop";
  EXPECT_EQ(picture.shard_targets()[1].shard_key, "Berlin");
  EXPECT_EQ(picture.shard_targets()[1].id, "/t/app/10.1.0.2:80");
  EXPECT_EQ(picture.shard_targets()[0].shard_key, "10.1.0.1:80");
}

}  // namespace
}  // namespace promster
