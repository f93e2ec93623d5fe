#include "etcd/key_tally.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace promster {
namespace {

TEST(KeyTallyTest, CountsWhatAListingAndItsChangesLeave) {
  KeyTally tally;
  EXPECT_EQ(tally.sum(), (KeyTally::Sum{0, 0}));
  const std::vector<KeyValue> listed{{"a", "", 7}, {"b", "", 3}};
  tally.list(listed);
  EXPECT_EQ(tally.sum(), (KeyTally::Sum{2, 7}));
  tally.change(std::vector<KeyChange>{{"c", "", 9}, {"c", "", 10}, {"a", std::nullopt, 11}});
  EXPECT_EQ(tally.sum(), (KeyTally::Sum{2, 10})) << "a deletion is no newest key";
  tally.change(std::vector<KeyChange>{{"c", std::nullopt, 12}, {"x", std::nullopt, 13}});
  EXPECT_EQ(tally.sum(), (KeyTally::Sum{1, 3}));
  tally.list({});
  EXPECT_EQ(tally.sum(), (KeyTally::Sum{0, 0})) << "a listing replaces all";
}

TEST(KeyTallyTest, TheNewestKeyIsPartOfIt) {
  KeyTally tally;
  EXPECT_TRUE(tally.agrees(0, nullptr));
  tally.list(std::vector<KeyValue>{{"a", "", 7}, {"b", "", 7}, {"c", "", 3}});
  const KeyValue a{"a", "", 7}, b{"b", "", 7}, c{"c", "", 7}, x{"x", "", 7}, later{"a", "", 8};
  EXPECT_TRUE(tally.agrees(3, &a));
  EXPECT_TRUE(tally.agrees(3, &b));
  EXPECT_FALSE(tally.agrees(2, &a));
  EXPECT_FALSE(tally.agrees(3, &c));
  EXPECT_FALSE(tally.agrees(3, &x));
  EXPECT_FALSE(tally.agrees(3, &later));
  EXPECT_FALSE(tally.agrees(3, nullptr));
}

RC_GTEST_PROP(KeyTallyTest, AgreesWithAStore,
              (const std::vector<std::pair<std::uint8_t, bool>>& writes,
               std::uint8_t listed_after)) {
  std::map<std::string, std::int64_t> store;
  KeyTally tally;
  std::int64_t revision = 0;
  for (const auto& [number, is_put] : writes) {
    const std::string key = "k" + std::to_string(number % 16);
    ++revision;
    if (is_put) {
      store[key] = revision;
    } else {
      store.erase(key);
    }
    if (revision <= listed_after % 32) {
      std::vector<KeyValue> listing;
      for (const auto& [name, at] : store) listing.push_back({name, "", at});
      tally.list(listing);
    } else {
      tally.change(std::vector<KeyChange>{
          {key, is_put ? std::optional<std::string>("") : std::nullopt, revision}});
    }
  }
  KeyTally::Sum expected{.count = static_cast<std::int64_t>(store.size())};
  for (const auto& [name, at] : store) expected.newest = std::max(expected.newest, at);
  RC_ASSERT(tally.sum() == expected);
}

}  // namespace
}  // namespace promster
