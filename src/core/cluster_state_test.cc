#include "core/cluster_state.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace promster {
namespace {

KeyChange put(std::string key, std::int64_t revision, std::string value = "") {
  return {.key = std::move(key), .value = std::move(value), .mod_revision = revision};
}
KeyChange gone(std::string key, std::int64_t revision) {
  return {.key = std::move(key), .value = std::nullopt, .mod_revision = revision};
}

std::vector<Target> targets_of(const ClusterState& state) {
  std::vector<Target> out;
  for (const Target* target : state.targets()) out.push_back(*target);
  return out;
}

std::vector<std::string> keys_of(const ClusterState& state) {
  std::vector<std::string> out;
  for (const Target* target : state.targets()) out.push_back(target->key);
  return out;
}

using Keys = std::vector<std::string>;

TEST(ClusterStateTest, IsSyncedOnceListed) {
  ClusterState state;
  EXPECT_FALSE(state.members_synced());
  EXPECT_FALSE(state.targets_synced());
  EXPECT_FALSE(state.list_targets({.revision = 4, .entries = {}}));
  EXPECT_TRUE(state.targets_synced());
  EXPECT_FALSE(state.members_synced());
  state.list_members({.revision = 4, .entries = {}});
  EXPECT_TRUE(state.members_synced());
}

TEST(ClusterStateTest, AListingReplacesAllThereWas) {
  ClusterState state;
  state.list_targets({.revision = 3, .entries = {{"/t/s/a:1", "", 1}, {"/t/s/b:1", "", 2}}});
  EXPECT_TRUE(
      state.list_targets({.revision = 5, .entries = {{"/t/s/c:1", "", 5}, {"/t/s/b:1", "", 2}}}));
  EXPECT_EQ(keys_of(state), (Keys{"/t/s/b:1", "/t/s/c:1"}));
  EXPECT_EQ(state.target_count(), 2U);
}

TEST(ClusterStateTest, ATargetWithAnIntervalOfItsOwnHasATimeoutThatFits) {
  ClusterState state({.timeout = std::chrono::seconds(10)});
  state.list_targets({.revision = 3, .entries = {{"/t/s/a:1", R"({"scrape_interval": "5s"})", 1}}});
  ASSERT_EQ(state.target_count(), 1U);
  const std::string* timeout = targets_of(state)[0].labels.find("__scrape_timeout__");
  ASSERT_NE(timeout, nullptr);
  EXPECT_EQ(*timeout, "5s");
}

TEST(ClusterStateTest, TellsWhetherAnythingChanged) {
  ClusterState state;
  const Listing listing{.revision = 3, .entries = {{"/t/s/a:1", "", 1}}};
  EXPECT_TRUE(state.list_targets(listing));
  EXPECT_FALSE(state.list_targets(listing));
  EXPECT_FALSE(state.change_targets(std::vector{put("/t/s/a:1", 4)}));
  EXPECT_FALSE(state.change_targets(std::vector{put("/t/s/a:1", 5, "{}")}));
  EXPECT_TRUE(state.change_targets(std::vector{put("/t/s/a:1", 6, R"({"scheme":"https"})")}));
  EXPECT_FALSE(state.change_targets(std::vector{gone("/t/s/x:1", 7)}));
  EXPECT_TRUE(state.change_targets(std::vector{gone("/t/s/a:1", 8)}));
  EXPECT_FALSE(state.change_targets(std::vector{gone("/t/s/a:1", 9)}));
  EXPECT_FALSE(state.change_members(std::vector{gone("/r/s/a:1", 9)}));
  EXPECT_TRUE(state.change_members(std::vector{put("/r/s/a:1", 10)}));
}

TEST(ClusterStateTest, DropsWhatIsOld) {
  ClusterState state;
  state.list_targets({.revision = 10, .entries = {{"/t/s/a:1", "", 9}}});
  EXPECT_FALSE(state.change_targets(std::vector{gone("/t/s/a:1", 8), put("/t/s/b:1", 10)}));
  state.change_targets(std::vector{gone("/t/s/a:1", 12)});
  EXPECT_FALSE(state.change_targets(std::vector{put("/t/s/a:1", 11)})) << "deleted later";
  EXPECT_TRUE(state.change_targets(std::vector{put("/t/s/a:1", 13)}));
  EXPECT_EQ(keys_of(state), Keys{"/t/s/a:1"});
}

TEST(ClusterStateTest, AListingOfAWipedStoreIsTakenAsItIs) {
  ClusterState state;
  state.list_targets({.revision = 100, .entries = {{"/t/s/a:1", "", 90}}});
  state.change_targets(std::vector{gone("/t/s/a:1", 101)});
  EXPECT_TRUE(state.list_targets({.revision = 2, .entries = {{"/t/s/a:1", "", 2}}}));
  EXPECT_TRUE(state.change_targets(std::vector{put("/t/s/b:1", 3)}));
  EXPECT_EQ(keys_of(state), (Keys{"/t/s/a:1", "/t/s/b:1"}));
}

TEST(ClusterStateTest, ManyDeletedKeysAreForgottenButStayDeleted) {
  ClusterState state;
  state.list_targets({.revision = 1, .entries = {{"/t/s/a:1", "", 1}}});
  constexpr int kKeys = 20'000;
  for (int i = 1; i <= kKeys; ++i) {
    const std::string key = "/t/s/h" + std::to_string(i) + ":1";
    state.change_targets(std::vector{put(key, 3 * i)});
    state.change_targets(std::vector{gone(key, 3 * i + 1)});
  }
  for (int i = 1; i <= kKeys; ++i) {
    EXPECT_FALSE(
        state.change_targets(std::vector{put("/t/s/h" + std::to_string(i) + ":1", 3 * i)}));
  }
  EXPECT_TRUE(state.change_targets(std::vector{put("/t/s/h7:1", 3 * kKeys + 2)}));
  EXPECT_EQ(keys_of(state), (Keys{"/t/s/a:1", "/t/s/h7:1"}));
}

TEST(ClusterStateTest, KeysThatSayTheSameAreOneTarget) {
  ClusterState state;
  state.list_targets({.revision = 3,
                      .entries = {{"/t/v1/s/a:1", "", 1},
                                  {"/t/v2/s/a:1", "", 2},
                                  {"/t/v2/other/a:1", "", 2},
                                  {"/t/v2/s/id", R"({"address":"a:1"})", 3}}});
  EXPECT_EQ(keys_of(state), (Keys{"/t/v1/s/a:1", "/t/v2/other/a:1"}));
  state.change_targets(std::vector{gone("/t/v1/s/a:1", 4)});
  EXPECT_EQ(keys_of(state), (Keys{"/t/v2/other/a:1", "/t/v2/s/a:1"}));
  state.change_targets(std::vector{put("/t/v2/s/a:1", 5, R"({"labels":{"x":"y"}})")});
  EXPECT_EQ(keys_of(state), (Keys{"/t/v2/other/a:1", "/t/v2/s/a:1", "/t/v2/s/id"}));
}

TEST(ClusterStateTest, MembersGoByName) {
  ClusterState state;
  state.list_members({.revision = 3,
                      .entries = {{"/r/s/a:1", R"({"promster":{"algorithm":"bounded-1"}})", 1},
                                  {"/r/s/below/a:1", "", 2},
                                  {"/r/s/b:1", "", 2}}});
  ASSERT_EQ(state.members().size(), 2U);
  EXPECT_EQ(state.members().at("a:1").algorithm, kBoundedAlgorithm);
  state.change_members(std::vector{gone("/r/s/a:1", 4)});
  EXPECT_EQ(state.members().at("a:1").algorithm, "") << "the other key of that name";
}

TEST(ClusterStateTest, OneBadKeyAffectsNoOther) {
  ClusterState state;
  state.list_targets({.revision = 2, .entries = {{"/t/s/", "", 1}, {"/t/s/a:1", "", 1}}});
  state.list_members({.revision = 2, .entries = {{"/r/s/http://b:1", "", 2}, {"/r/s/b:1", "", 2}}});
  EXPECT_EQ(state.target_count(), 1U);
  EXPECT_EQ(state.members().size(), 1U);
  ASSERT_EQ(state.rejected().size(), 2U);
  EXPECT_EQ(state.rejected().at("/t/s/").key, "/t/s/");
  EXPECT_TRUE(state.change_targets(std::vector{put("/t/s/a:1", 3, R"({"scheme":"ftp"})")}));
  EXPECT_EQ(state.target_count(), 0U);
  EXPECT_EQ(state.rejected().at("/t/s/a:1").code, "value");
  state.change_targets(std::vector{put("/t/s/a:1", 4), gone("/t/s/", 4)});
  state.change_members(std::vector{gone("/r/s/http://b:1", 5)});
  EXPECT_TRUE(state.rejected().empty());
  EXPECT_EQ(state.target_count(), 1U);
}

TEST(ClusterStateTest, AKeyBelowBothPrefixesIsRejectedAsLongAsOneKindIs) {
  ClusterState state;
  const Listing bad{.revision = 2, .entries = {{"/r/s/x", "", 2}}};
  state.list_members(bad);
  state.list_targets(bad);
  state.change_targets(std::vector{gone("/r/s/x", 3)});
  EXPECT_EQ(state.rejected().size(), 1U);
  state.change_members(std::vector{gone("/r/s/x", 3)});
  EXPECT_TRUE(state.rejected().empty());
}

TEST(ClusterStateTest, WhatTheLimitsDenyIsRejected) {
  ClusterState state({.allow = {*parse_cidr("10.0.0.0/8")}});
  state.list_targets({.revision = 2,
                      .entries = {{"/t/s/10.0.0.1:80", "", 1},
                                  {"/t/s/11.0.0.1:80", "", 1},
                                  {"/t/s/10.0.0.2:80", R"({"address":"169.254.169.254:80"})", 1},
                                  {"/t/s/web:80", R"({"address":"10.0.0.3:80"})", 2}}});
  EXPECT_EQ(keys_of(state), (Keys{"/t/s/10.0.0.1:80", "/t/s/web:80"}));
  ASSERT_EQ(state.rejected().size(), 2U);
  for (const auto& [key, rejected] : state.rejected()) EXPECT_EQ(rejected.code, "denied") << key;
  EXPECT_TRUE(state.change_targets(std::vector{put("/t/s/web:80", 3)}));
  EXPECT_EQ(state.rejected().at("/t/s/web:80").code, "denied");
}

TEST(ClusterStateTest, WithoutLimitsLinkLocalTargetsAreDenied) {
  ClusterState state;
  state.list_targets(
      {.revision = 1, .entries = {{"/t/s/127.0.0.1:80", "", 1}, {"/t/s/0xa9fea9fe:80", "", 1}}});
  EXPECT_EQ(keys_of(state), Keys{"/t/s/127.0.0.1:80"});
  EXPECT_EQ(state.rejected().at("/t/s/0xa9fea9fe:80").code, "denied");
}

TEST(ClusterStateTest, OfTooManyTheFirstByKeyStay) {
  ClusterState state({.most = 2});
  state.list_targets({.revision = 4,
                      .entries = {{"/t/s/b:1", "", 1},
                                  {"/t/s/c:1", "", 2},
                                  {"/t/s/d:1", "", 3},
                                  {"/t/s/x", "", 3},
                                  {"/t/t/s/b:1", "", 4}}});
  EXPECT_EQ(state.rejected().size(), 2U) << "d and x; the second b is no target of its own";
  EXPECT_EQ(state.rejected().at("/t/s/d:1").code, "limit");
  EXPECT_EQ(state.target_count(), 2U);
  state.change_targets(std::vector{put("/t/s/a:1", 5)});
  EXPECT_EQ(keys_of(state), (Keys{"/t/s/a:1", "/t/s/b:1"}));
  EXPECT_EQ(state.rejected().at("/t/s/c:1").code, "limit");
  state.change_targets(std::vector{gone("/t/s/a:1", 6), gone("/t/s/d:1", 7)});
  EXPECT_EQ(keys_of(state), (Keys{"/t/s/b:1", "/t/s/c:1"}));
  EXPECT_EQ(state.rejected().size(), 1U);
  EXPECT_EQ(state.rejected().at("/t/s/x").code, "address");
}

TEST(ClusterStateTest, AChangeOfMembersForgetsNoLimit) {
  ClusterState state({.most = 1});
  state.list_targets({.revision = 1, .entries = {{"/t/s/a:1", "", 1}, {"/t/s/b:1", "", 1}}});
  EXPECT_EQ(state.rejected().size(), 1U);
  state.list_members({.revision = 2, .entries = {{"/t/s/b:1", "", 1}, {"/r/s/x", "", 1}}});
  EXPECT_EQ(state.rejected().size(), 2U);
  state.change_members(std::vector{gone("/t/s/b:1", 3)});
  EXPECT_EQ(state.rejected().at("/t/s/b:1").code, "limit");
}

// A history of puts and deletes of few keys, revision by revision, as etcd has it.
std::vector<KeyChange> any_history() {
  const auto keys = rc::gen::element<std::string>("/t/s/a:1", "/t/s/b:1", "/t/v/s/a:1", "/t/s/bad",
                                                  "/t/s/c:1", "/t/s/");
  const auto values = rc::gen::element<std::string>("", "{}", R"({"scheme":"https"})",
                                                    R"({"scheme":1})", R"({"address":"c:1"})");
  const auto size = *rc::gen::inRange(0, 30);
  std::vector<KeyChange> history;
  for (int i = 0; i < size; ++i) {
    const bool put_it = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
    history.push_back(put_it ? put(*keys, i + 1, *values) : gone(*keys, i + 1));
  }
  return history;
}

// What etcd would list after the first `count` changes.
Listing listing_after(const std::vector<KeyChange>& history, std::size_t count) {
  std::map<std::string, KeyValue> content;
  for (const KeyChange& change : std::span(history).first(count)) {
    if (change.value) {
      content[change.key] = {change.key, *change.value, change.mod_revision};
    } else {
      content.erase(change.key);
    }
  }
  Listing listing{.revision = static_cast<std::int64_t>(count), .entries = {}};
  for (auto& [key, entry] : content) listing.entries.push_back(entry);
  return listing;
}

void expect_equal(const ClusterState& state, const ClusterState& expected) {
  RC_ASSERT(targets_of(state) == targets_of(expected));
  RC_ASSERT(state.rejected() == expected.rejected());
  RC_ASSERT(state.members() == expected.members());
}

RC_GTEST_PROP(ClusterStateTest, AnyBatchingEqualsAFreshListing, ()) {
  const auto history = any_history();
  const auto listed = *rc::gen::inRange<std::size_t>(0, history.size() + 1);
  const TargetLimits limits{.most = *rc::gen::inRange<std::size_t>(1, 5)};
  ClusterState state(limits);
  state.list_targets(listing_after(history, listed));
  state.list_members(listing_after(history, listed));
  for (std::size_t at = listed; at < history.size();) {
    const auto take = *rc::gen::inRange<std::size_t>(1, history.size() - at + 1);
    // A watch may tell again what is known, and its batch may come in any order.
    const auto begin = *rc::gen::inRange<std::size_t>(0, at + 1);
    std::vector<KeyChange> batch(history.begin() + static_cast<std::ptrdiff_t>(begin),
                                 history.begin() + static_cast<std::ptrdiff_t>(at + take));
    std::ranges::shuffle(batch, std::mt19937(*rc::gen::arbitrary<unsigned>()));
    state.change_targets(batch);
    state.change_members(batch);
    if (*rc::gen::arbitrary<bool>()) state.rejected();
    at += take;
  }
  ClusterState fresh(limits);
  fresh.list_targets(listing_after(history, history.size()));
  fresh.list_members(listing_after(history, history.size()));
  expect_equal(state, fresh);
}

RC_GTEST_PROP(ClusterStateTest, AListingOverAnyStateEqualsAFreshOne, ()) {
  const auto before = any_history(), after = any_history();
  ClusterState state, fresh;
  state.change_targets(before);
  state.change_members(before);
  const auto was = targets_of(state);
  const auto was_rejected = state.rejected();
  bool differs = state.list_targets(listing_after(after, after.size()));
  differs |= state.list_members(listing_after(after, after.size()));
  fresh.list_targets(listing_after(after, after.size()));
  fresh.list_members(listing_after(after, after.size()));
  expect_equal(state, fresh);
  RC_ASSERT(differs || (was == targets_of(state) && was_rejected == state.rejected()));
}

}  // namespace
}  // namespace promster
