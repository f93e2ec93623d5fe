#include "cli/status_etcd.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/member.h"

namespace promster {
namespace {

Settings settings_of_a_cluster() {
  Settings settings;
  settings.registry.etcd.endpoints = {"http://127.0.0.1:1"};
  settings.registry.service = "s";
  settings.scrape.etcd_path = "/t/";
  return settings;
}

Listing members(const std::vector<std::pair<std::string, MemberState>>& named) {
  Listing listing{.revision = 9};
  for (const auto& [name, state] : named) {
    listing.entries.push_back(
        {.key = "/registry/s/" + name,
         .value = render_member_value({.algorithm = kBoundedAlgorithm, .state = state})});
  }
  return listing;
}

Listing targets(int count) {
  Listing listing{.revision = 11};
  for (int i = 0; i < count; ++i) {
    listing.entries.push_back({.key = "/t/app/10.0.0." + std::to_string(i + 1) + ":80"});
  }
  listing.entries.push_back({.key = "/t/app/no-port"});
  return listing;
}

TEST(StatusEtcd, WhoDrainsIsThereButOwnsNothing) {
  const Snapshot snapshot = snapshot_of_etcd(settings_of_a_cluster(),
                                             members({{"a:1", MemberState::kActive},
                                                      {"b:1", MemberState::kDraining},
                                                      {"c:1", MemberState::kActive}}),
                                             targets(10));
  EXPECT_EQ(snapshot.members.size(), 3U);
  EXPECT_EQ(snapshot.cluster->sharing.members, (std::vector<std::string>{"a:1", "c:1"}));
  EXPECT_EQ(snapshot.cluster->load.size(), 2U);
  EXPECT_EQ(snapshot.cluster->load[0] + snapshot.cluster->load[1], 10U);
  EXPECT_LE(std::ranges::max(snapshot.cluster->load), 6U);
  EXPECT_EQ(snapshot.algorithm, "bounded");
  EXPECT_NE(snapshot.assignment_checksum, 0U);
  EXPECT_EQ(snapshot.members_source.revision, 9);
  EXPECT_EQ(snapshot.targets_source.revision, 11);
}

TEST(StatusEtcd, ItSaysThatNoNodeWasAsked) {
  const Snapshot snapshot = snapshot_of_etcd(settings_of_a_cluster(),
                                             members({{"a:1", MemberState::kActive}}), targets(1));
  EXPECT_EQ(snapshot.node, "");
  EXPECT_FALSE(snapshot.ready());
  EXPECT_EQ(snapshot.missing.size(), 1U);
}

TEST(StatusEtcd, WhatIsRejectedIsToldOf) {
  const Snapshot snapshot = snapshot_of_etcd(settings_of_a_cluster(), {}, targets(2));
  EXPECT_EQ(snapshot.targets_discovered, 2U);
  ASSERT_EQ(snapshot.rejected_examples.size(), 1U);
  EXPECT_EQ(snapshot.rejected_examples[0].key, "/t/app/no-port");
}

TEST(StatusEtcd, WithoutNodesNobodyHasAnything) {
  const Snapshot snapshot = snapshot_of_etcd(settings_of_a_cluster(), {}, targets(2));
  EXPECT_EQ(snapshot.cluster->targets.size(), 2U);
  EXPECT_TRUE(snapshot.cluster->sharing.members.empty());
}

TEST(StatusEtcd, WithoutARegistryNothingIsShared) {
  Settings settings = settings_of_a_cluster();
  settings.registry.etcd.endpoints.clear();
  const Snapshot snapshot = snapshot_of_etcd(settings, {}, targets(2));
  EXPECT_FALSE(snapshot.cluster->sharded);
  EXPECT_FALSE(snapshot.members_source.enabled);
}

}  // namespace
}  // namespace promster
