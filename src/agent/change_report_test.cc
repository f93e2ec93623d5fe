#include "agent/change_report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"

namespace promster {
namespace {

// The lines that a change from one snapshot to the next gives, without their times.
std::string lines(const Snapshot& before, const Snapshot& after) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return "no pipe";
  report_changes(before, after, Log(LogLevel::kInfo, LogFormat::kLogfmt, ends[1]));
  ::close(ends[1]);
  std::string text(64 << 10, '\0');
  text.resize(
      static_cast<std::size_t>(std::max<ssize_t>(0, ::read(ends[0], text.data(), text.size()))));
  ::close(ends[0]);
  std::string result;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) result += std::string(line.substr(line.find(' ') + 1)) + '\n';
  }
  return result;
}

Snapshot with_members(const std::vector<std::string>& names) {
  Snapshot snapshot;
  for (const std::string& name : names) snapshot.members.push_back({.name = name});
  return snapshot;
}

TEST(ChangeReport, SaysNothingOfWhatStays) {
  Snapshot snapshot = with_members({"a", "b"});
  snapshot.last_refusal = ConfigOutcome{.who = "promtool", .reason = "no"};
  snapshot.targets_source.reason = "no endpoint";
  snapshot.held_targets.push_back({.address = "t:1"});
  snapshot.draining = true;
  EXPECT_EQ(lines(snapshot, snapshot), "");
}

TEST(ChangeReport, NamesWhoJoinedAndLeft) {
  EXPECT_EQ(lines(with_members({"a", "b"}), with_members({"b", "c"})),
            "level=info msg=\"node joined\" node=c nodes=2\n"
            "level=info msg=\"node left\" node=a nodes=2\n");
}

TEST(ChangeReport, SaysOnceThatAWatchIsLost) {
  Snapshot up, down;
  up.targets_source = {.enabled = true, .synced = true, .up = true};
  down.targets_source = {.enabled = true, .synced = true, .reason = "Socket closed"};
  EXPECT_EQ(lines(up, down),
            "level=warning msg=\"etcd watch lost; what is known stays in use\" cluster=scrape "
            "reason=\"Socket closed\"\n");
  EXPECT_EQ(lines(down, up), "level=info msg=\"etcd watch stands\" cluster=scrape\n");
}

TEST(ChangeReport, TellsOfARefusedConfigurationAndOfAnAcceptedOne) {
  Snapshot fine, refused;
  refused.last_refusal = ConfigOutcome{.who = "promtool", .reason = "rules.yml: bad"};
  EXPECT_EQ(lines(fine, refused),
            "level=error msg=\"configuration not in use; the last good one stays\" "
            "reason=\"promtool: rules.yml: bad\"\n");
  fine.reloads["accepted"] = 1;
  EXPECT_EQ(lines(refused, fine), "level=info msg=\"configuration accepted by Prometheus\"\n");
}

TEST(ChangeReport, TellsWhyPrometheusDoesNotLoadIt) {
  Snapshot starting, ready;
  starting.config_pending = "POST /-/reload: HTTP 403";
  EXPECT_EQ(lines(Snapshot{}, starting), "") << "a Prometheus that is starting is no trouble";
  ready = starting;
  ready.prometheus_up = true;
  EXPECT_NE(lines(starting, ready)
                .find("msg=\"configuration not loaded yet\" reason=\"POST /-/reload: HTTP 403\""),
            std::string::npos);
}

TEST(ChangeReport, TellsOnceThatTheFileIsNotWritten) {
  Snapshot fine, full;
  full.file_failure = "write sd/targets.json: No space left on device";
  EXPECT_EQ(lines(fine, full),
            "level=error msg=\"target file not written\" "
            "reason=\"write sd/targets.json: No space left on device\"\n");
  EXPECT_EQ(lines(full, full), "");
}

TEST(ChangeReport, TellsOfTargetsAndTheirHandOver) {
  Snapshot before, after;
  after.target_moves = {{"in", 3}, {"out", 1}};
  after.targets_assigned = 7;
  after.targets_discovered = 20;
  after.targets_handing_over = 3;
  EXPECT_EQ(lines(before, after),
            "level=info msg=\"targets written\" targets=7 of=20 came=3 left=1\n"
            "level=info msg=\"hand-over begins\" targets=3\n");
  Snapshot done = after;
  done.targets_handing_over = 0;
  EXPECT_EQ(lines(after, done), "level=info msg=\"hand-over done\" targets=7\n");
}

TEST(ChangeReport, TellsOfAFarewell) {
  Snapshot before, draining, drained;
  draining.draining = drained.draining = drained.handed_over = true;
  EXPECT_NE(lines(before, draining).find("draining: siblings take over"), std::string::npos);
  drained.hand_over_took = std::chrono::seconds(16);
  EXPECT_EQ(lines(draining, drained),
            "level=info msg=\"drained: everything is handed over\" took=16s\n");
}

TEST(ChangeReport, TellsWhyAFarewellLeftTargets) {
  Snapshot before, after;
  after.drain_end = DrainEnd::kEtcdSilent;
  EXPECT_EQ(lines(before, after),
            "level=warning msg=\"not all targets were handed over\" reason=\"etcd does not answer, "
            "so no sibling was told\"\n");
  after.drain_end = DrainEnd::kNobody;
  EXPECT_EQ(lines(before, after), "");
}

TEST(ChangeReport, TellsOfARejectedKeyOnceAndEscaped) {
  Snapshot before, after;
  after.rejected_examples = {{.key = "/t/a\nlevel=error", .code = "address", .reason = "no port"}};
  const std::string text = lines(before, after);
  EXPECT_TRUE(text.starts_with("level=warning msg=\"key rejected\" key=")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  EXPECT_EQ(lines(after, after), "");
}

TEST(ChangeReport, TellsOfWhatIsHeldTogetherAndAlone) {
  Snapshot before, many, alone;
  many.held_targets = {{.address = "t:1", .key = "/t/t:1"}, {.address = "t:2", .key = "/t/t:2"}};
  EXPECT_EQ(lines(before, many),
            "level=warning msg=\"too many targets vanished at once; they are held until they are "
            "down\" targets=2\n");
  alone.held_targets = {{.address = "n:9090", .key = "/r/n:9090", .alone = true}};
  EXPECT_EQ(lines(before, alone),
            "level=warning msg=\"a node of the level below vanished; it is held until its siblings "
            "take over\" node=n:9090\n");
  EXPECT_EQ(lines(alone, alone), "");
  EXPECT_EQ(lines(alone, before), "level=info msg=\"no target is held any more\"\n");
}

TEST(ChangeReport, TellsOnceOfAnotherPromsterOfOurName) {
  Snapshot before, after;
  after.node = "n:9090";
  after.instance = "1";
  after.rival = "instance 2";
  EXPECT_EQ(
      lines(before, after),
      "level=error msg=\"another promster registers the name of this node as well; both count "
      "the same share; try: --registry.advertise-address, another one for each node\" "
      "node=n:9090 instance=1 other=\"instance 2\"\n");
  EXPECT_EQ(lines(after, after), "");
}

TEST(ChangeReport, TellsOfRegistration) {
  Snapshot out, in;
  in.registered = true;
  in.registrations = 1;
  in.node = "n:9090";
  in.lease_ttl = std::chrono::seconds(5);
  EXPECT_EQ(lines(out, in), "level=info msg=registered node=n:9090 ttl=5s\n");
  Snapshot withdrawn = in;
  withdrawn.registered = false;
  withdrawn.withdrawn = true;
  EXPECT_EQ(lines(in, withdrawn), "level=info msg=\"withdrawn from the registry\" node=n:9090\n");
  Snapshot lost = in;
  lost.registered = false;
  lost.registration_reason = "the lease ran out";
  EXPECT_EQ(lines(in, lost),
            "level=warning msg=\"not registered any more\" reason=\"the lease ran out\"\n");
}

}  // namespace
}  // namespace promster
