// What the reconciler remembers of changes and reloads, and the picture it shows of the cluster.
#include <gtest/gtest.h>

#include "core/reconciler_for_test.h"

namespace promster {
namespace {

using namespace reconciler_test;
using Kind = MemberChange::Kind;

const std::string kSelf = "n1:9090";
const std::string kSibling = "n2:9090";

// A sibling as it says of itself.
Changed sibling(int revision, const Member& member) {
  Member named = member;
  named.name = kSibling;
  named.algorithm = kBoundedAlgorithm;
  Changed change = member_change(kSibling, true, revision);
  change.changes[0].value = render_member_value(named);
  return change;
}

// "n2:9090 joined; 8 moved".
std::string line(const ClusterChange& change) {
  const std::map<Kind, std::string> words{{Kind::kJoined, "joined"},   {Kind::kLeft, "left"},
                                          {Kind::kDraining, "drains"}, {Kind::kKept, "kept"},
                                          {Kind::kBack, "back"},       {Kind::kOther, "restarted"}};
  std::string text;
  for (const MemberChange& member : change.members) {
    text += member.member + ' ' + words.at(member.kind) + "; ";
  }
  const auto count = [&](std::size_t targets, const char* what) {
    if (targets > 0) text += std::to_string(targets) + ' ' + what + "; ";
  };
  count(change.targets_added, "added");
  count(change.targets_removed, "removed");
  if (change.targets_moved > 0) text += "some moved; ";
  return text;
}

std::vector<std::string> lines(const LoopedNode& node) {
  std::vector<std::string> result;
  for (const auto& change : *node.reconciler_.snapshot().changes) result.push_back(line(*change));
  return result;
}

using Lines = std::vector<std::string>;

TEST(ReconcilerHistory, WhatIsThereAtTheStartIsNoChange) {
  SettledNode node;
  EXPECT_EQ(lines(node), Lines{});
}

TEST(ReconcilerHistory, ASiblingJoinsDrainsAndLeaves) {
  SettledNode node;
  node.reconciler_.tell_time(at(0), 1'000);
  node.see(sibling(300, {}), 1'000);
  node.run_until(1'300);
  node.see(sibling(301, {.state = MemberState::kDraining}), 10'000);
  node.run_until(10'300);
  node.see(member_change(kSibling, false, 302), 20'000);
  node.run_until(20'300);
  ASSERT_EQ(lines(node), (Lines{"n2:9090 joined; some moved; ", "n2:9090 drains; some moved; ",
                                "n2:9090 left; "}));
  const auto changes = node.reconciler_.snapshot().changes;
  const ClusterChange& joined = *changes->at(0);
  EXPECT_EQ(joined.id, 1u);
  EXPECT_EQ(joined.time, 1'001);
  EXPECT_EQ(joined.revision, 300);
  ASSERT_EQ(joined.moves.size(), 1u);
  EXPECT_EQ(joined.moves[0].from, kSelf);
  EXPECT_EQ(joined.moves[0].to, kSibling);
  EXPECT_EQ(joined.moves[0].targets, joined.targets_moved);
  EXPECT_EQ(joined.examples.size(), joined.targets_moved);
  EXPECT_EQ(changes->at(2)->members[0].reason, "drained");
}

TEST(ReconcilerHistory, AChangeIsSettledWhenNothingChangesHandsAnyMore) {
  SettledNode node;
  node.see(member_change(kSibling, true, 300), 1'000);  // an original: by the clock
  node.run_until(1'300);
  const auto change = [&] { return *node.reconciler_.snapshot().changes->back(); };
  ASSERT_TRUE(change().written_seconds);
  EXPECT_LT(*change().written_seconds, 0.3);
  EXPECT_FALSE(change().settled_seconds);
  EXPECT_FALSE(node.reconciler_.snapshot().moving_targets.empty());
  node.run_until(60'000);
  ASSERT_TRUE(change().settled_seconds);
  EXPECT_GT(*change().settled_seconds, 10);
  EXPECT_TRUE(node.reconciler_.snapshot().moving_targets.empty());
}

TEST(ReconcilerHistory, WhatADeadSiblingHadIsSettledWhenItIsScraped) {
  SettledNode node;
  node.see(member_change(kSibling, true, 300), 1'000);
  node.run_until(60'000);
  node.see(member_change(kSibling, false, 301), 70'000);
  node.see(SiblingProbed{.name = kSibling, .answers = false}, 70'100);
  node.run_until(70'500);
  const auto change = [&] { return *node.reconciler_.snapshot().changes->back(); };
  ASSERT_GT(change().targets_moved, 0u);
  EXPECT_TRUE(change().written_seconds);
  EXPECT_FALSE(change().settled_seconds);
  ScrapesSeen seen;
  for (int i = 1; i <= 20; ++i) seen.targets.push_back({.address = address(i), .up = true});
  for (int scrape = 1; scrape <= 3; ++scrape) {
    for (auto& target : seen.targets) target.last_scrape = 70 + scrape;
    node.see(seen, 70'000 + scrape * 1'000);
    node.step(70'000 + scrape * 1'000);
  }
  ASSERT_TRUE(change().settled_seconds);
  EXPECT_GT(*change().settled_seconds, 0.5);
}

TEST(ReconcilerHistory, AFileThatIsNotWrittenIsNotInPlace) {
  SettledNode node;
  node.write_result_ = Error{"disk full"};
  node.see(target_change(21, true, 300), 1'000);
  node.run_until(1'300);
  EXPECT_FALSE(node.reconciler_.snapshot().changes->back()->written_seconds);
  node.write_result_ = true;
  node.run_until(10'000);
  EXPECT_GT(node.reconciler_.snapshot().changes->back()->written_seconds, 0.5);
}

TEST(ReconcilerHistory, TargetsComeAndGo) {
  SettledNode node;
  node.see(target_change(21, true, 300), 1'000);
  node.run_until(1'300);
  node.see(target_change(3, false, 301), 2'000);
  node.run_until(2'300);
  EXPECT_EQ(lines(node), (Lines{"1 added; 1 removed; "})) << "they belong together";
  const ClusterChange change = *node.reconciler_.snapshot().changes->back();
  EXPECT_EQ(change.revision, 301);
  ASSERT_EQ(change.moves.size(), 2u);
  EXPECT_EQ(change.moves[0].to, kSelf);
  EXPECT_EQ(change.moves[1].from, kSelf);
  EXPECT_EQ(change.examples[0].address, address(21));
  EXPECT_TRUE(change.settled_seconds) << "nothing of it changes hands";
}

TEST(ReconcilerHistory, WhoVanishesIsKeptOnceItAnswers) {
  SettledNode node;
  node.see(sibling(300, {.instance = "a"}), 1'000);
  node.run_until(2'000);
  node.see(member_change(kSibling, false, 301), 10'000);
  node.run_until(10'300);
  EXPECT_EQ(lines(node).size(), 1u) << "it may be asked first";
  node.see(SiblingProbed{.name = kSibling, .answers = true}, 10'500);
  node.run_until(10'800);
  const auto kept = node.reconciler_.snapshot().kept_members;
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].name, kSibling);
  EXPECT_EQ(kept[0].since, 10);
  EXPECT_EQ(kept[0].until, 70);
  node.see(sibling(302, {.instance = "b"}), 12'000);
  node.run_until(12'300);
  EXPECT_EQ(lines(node), (Lines{"n2:9090 joined; some moved; ", "n2:9090 kept; ",
                                "n2:9090 back; n2:9090 restarted; "}));
  EXPECT_TRUE(node.reconciler_.snapshot().kept_members.empty());
}

TEST(ReconcilerHistory, WhoDoesNotAnswerHasLeft) {
  SettledNode node;
  node.see(sibling(300, {}), 1'000);
  node.run_until(2'000);
  node.see(member_change(kSibling, false, 301), 10'000);
  node.see(SiblingProbed{.name = kSibling, .answers = false}, 10'100);
  node.run_until(10'500);
  EXPECT_EQ(lines(node).back(), "n2:9090 left; some moved; ");
  EXPECT_EQ(node.reconciler_.snapshot().changes->back()->members[0].reason,
            "lease expired or revoked");
}

TEST(ReconcilerHistory, OurOwnKeyGoesAndComes) {
  SettledNode node;
  node.see(member_change(kSelf, true, 300), 1'000);
  node.run_until(1'300);
  node.see(member_change(kSelf, false, 301), 2'000);
  node.run_until(2'300);
  node.see(member_change(kSelf, true, 302), 3'000);
  node.run_until(3'300);
  EXPECT_EQ(lines(node), (Lines{"n1:9090 joined; ", "n1:9090 kept; ", "n1:9090 back; "}));
}

TEST(ReconcilerHistory, WhatElseASiblingSaysIsNoChange) {
  SettledNode node;
  node.see(sibling(300, {}), 1'000);
  node.run_until(2'000);
  const auto before = node.reconciler_.snapshot().changes;
  node.see(sibling(301, {.applied = "a ring"}), 3'000);
  node.run_until(4'000);
  EXPECT_EQ(lines(node).size(), before->size());
}

TEST(ReconcilerHistory, WhatIsHeardIsShownBeforeItIsActedUpon) {
  SettledNode node;
  node.see(sibling(300, {}), 1'000);
  EXPECT_EQ(node.reconciler_.snapshot().members.size(), 1u);
  node.see(target_change(21, true, 301), 1'001);
  EXPECT_EQ(node.reconciler_.snapshot().targets_discovered, 21u);
  EXPECT_EQ(node.reconciler_.snapshot().cluster->targets.size(), 20u) << "it is of the assignment";
}

TEST(ReconcilerHistory, WhatMovesNoTargetAssignsNothing) {
  SettledNode node;
  const auto assigned = [&](const Event& event, int now) {
    node.see(event, now);
    return node.step(now + 100).assigned;
  };
  EXPECT_TRUE(assigned(sibling(300, {}), 1'000));
  EXPECT_FALSE(assigned(sibling(301, {.applied = "a ring"}), 2'000));
  EXPECT_FALSE(assigned(EtcdCalled{.operation = "put"}, 3'000));
  EXPECT_TRUE(assigned(target_change(21, true, 302), 4'000));
  EXPECT_TRUE(assigned(sibling(303, {.state = MemberState::kDraining}), 5'000));
  EXPECT_TRUE(assigned(member_change(kSibling, false, 304), 6'000)) << "it scrapes nothing now";
}

TEST(ReconcilerHistory, ThePictureIsMadeOnceAnAssignment) {
  SettledNode node;
  node.see(sibling(300, {}), 1'000);
  node.run_until(2'000);
  const auto picture = node.reconciler_.snapshot().cluster;
  EXPECT_EQ(picture->sharing.members, (std::vector<std::string>{kSelf, kSibling}));
  EXPECT_EQ(picture->targets.size(), 20u);
  EXPECT_EQ(picture->algorithm, ShardAlgorithm::kBounded);
  EXPECT_EQ(picture->revision, 100);
  EXPECT_TRUE(picture->sharded);
  ASSERT_EQ(picture->load.size(), 2u);
  EXPECT_EQ(picture->load[0] + picture->load[1], 20u);
  node.see(EtcdCalled{.operation = "put"}, 3'000);
  node.step(3'000);
  EXPECT_EQ(node.reconciler_.snapshot().cluster, picture);
  node.see(target_change(21, true, 301), 4'000);
  node.run_until(4'300);
  const Snapshot after = node.reconciler_.snapshot();
  EXPECT_EQ(after.cluster->targets.size(), 21u);
  EXPECT_EQ(after.cluster->revision, 301);
  EXPECT_EQ(picture->targets.size(), 20u) << "what was handed out stays";
}

TEST(ReconcilerHistory, WithoutSharingEveryMemberHasEverything) {
  Settings settings = node_settings();
  settings.scrape.shard = false;
  SettledNode node(settings);
  node.see(sibling(300, {}), 1'000);
  node.run_until(2'000);
  const auto picture = node.reconciler_.snapshot().cluster;
  EXPECT_FALSE(picture->sharded);
  EXPECT_EQ(picture->sharing.members, (std::vector<std::string>{kSelf, kSibling}));
  EXPECT_EQ(picture->load, (std::vector<std::size_t>{20, 20}));
  EXPECT_EQ(lines(node), (Lines{"n2:9090 joined; "})) << "nothing moves";
}

TEST(ReconcilerHistory, WithoutARegistryThisNodeHasEverything) {
  SettledNode node(lone_settings());
  const auto picture = node.reconciler_.snapshot().cluster;
  EXPECT_EQ(picture->sharing.members, std::vector<std::string>{kSelf});
  EXPECT_EQ(picture->load, std::vector<std::size_t>{20});
}

TEST(ReconcilerHistory, WhatIsHeldSaysSinceWhenAndUntilWhen) {
  SettledNode node;
  node.reconciler_.tell_time(at(0), 1'000);
  node.see(targets_listed(0), 20'000);
  node.run_until(20'300);
  const auto held = node.reconciler_.snapshot().held_targets;
  ASSERT_EQ(held.size(), 20u);
  EXPECT_EQ(held[0].address, address(10)) << "by key";
  EXPECT_NEAR(held[0].since, 1'020, 0.3);
  ASSERT_TRUE(held[0].until);
  EXPECT_NEAR(*held[0].until, 1'020 + 900, 0.3);
  const auto down = [&](double scrape, int now) {
    node.see(ScrapesSeen{.targets = {{.address = address(10), .last_scrape = scrape, .up = false}}},
             now);
    node.step(now);
  };
  down(1, 21'000);
  down(2, 22'000);
  EXPECT_EQ(node.reconciler_.snapshot().held_targets[0].down_scrapes, 2);
}

TEST(ReconcilerHistory, TheSnapshotSaysWhenItWasMadeAndWhenTheRunBegan) {
  SettledNode node;
  node.reconciler_.tell_time(at(10'000), 1'010);
  node.step(12'000);
  EXPECT_EQ(node.reconciler_.snapshot().time, 1'012);
  EXPECT_EQ(node.reconciler_.snapshot().started, 1'000);
  node.reconciler_.tell_time(at(13'000), 5'000);
  EXPECT_EQ(node.reconciler_.snapshot().started, 1'000) << "whatever the clock does later";
}

TEST(ReconcilerHistory, AReloadIsToldAgainstWhatWasOnDisk) {
  DiskState disk = kUsedDisk;
  disk.files = {.prometheus_yml = "old: true\n", .rules_yml = "groups: []\n"};
  LoopedNode node(node_settings(), disk);
  EXPECT_EQ(*node.reconciler_.snapshot().files[0].content, "old: true\n");
  node.config_outcome_ = {.kind = ConfigOutcome::Kind::kAccepted,
                          .files_written = {"prometheus.yml"},
                          .reloaded = true};
  node.step(0);
  const auto reloads = node.reconciler_.snapshot().reload_log;
  ASSERT_EQ(reloads->size(), 1u);
  EXPECT_NE(reloads->front()->diff.find("\n-old: true\n"), std::string::npos);
  EXPECT_EQ(*node.reconciler_.snapshot().files[0].content, node.configs_[0].prometheus_yml);
  node.see(RefreshAsked{}, 10'000);
  node.step(10'000);
  ASSERT_EQ(node.reconciler_.snapshot().reload_log->size(), 2u);
  EXPECT_EQ(node.reconciler_.snapshot().reload_log->back()->diff, "");
}

TEST(ReconcilerHistory, APrometheusThatIsAwayForLongIsOneRecord) {
  LoopedNode node;
  node.config_outcome_ = {
      .kind = ConfigOutcome::Kind::kPending, .who = "prometheus", .reason = "connection refused"};
  node.run_until(60'000);
  EXPECT_GT(node.configs_.size(), 5u);
  EXPECT_EQ(node.reconciler_.snapshot().reload_log->size(), 1u);
  node.config_outcome_ = {.kind = ConfigOutcome::Kind::kAccepted, .reloaded = true};
  node.run_until(70'000);
  ASSERT_EQ(node.reconciler_.snapshot().reload_log->size(), 2u);
  EXPECT_EQ(node.reconciler_.snapshot().reload_log->back()->result, "accepted");
}

TEST(ReconcilerHistory, TheTargetFileIsShown) {
  SettledNode node;
  const ShownFile file = node.reconciler_.snapshot().files.at(2);
  EXPECT_EQ(file.name, kTargetsFile);
  ASSERT_TRUE(file.content);
  EXPECT_EQ(*file.content, node.file_);
}

TEST(ReconcilerHistory, NoMoreThanAThousandChangesAndAHundredReloads) {
  SettledNode node;
  for (int i = 0; i < 1'100; ++i) {
    node.see(member_change(kSibling, i % 2 == 0, 300 + i), 1'000 + i * 500);
    node.see(SiblingProbed{.name = kSibling, .answers = false}, 1'000 + i * 500);
    node.run_until(1'000 + i * 500 + 400);
  }
  EXPECT_EQ(node.reconciler_.snapshot().changes->size(), 1'000u);
  for (int i = 0; i < 120; ++i) {
    node.see(RefreshAsked{}, 1'000'000 + i * 10'000);
    node.run_until(1'000'000 + i * 10'000 + 9'000);
  }
  EXPECT_EQ(node.reconciler_.snapshot().reload_log->size(), 100u);
}

}  // namespace
}  // namespace promster
