// The lines that the stub and the live tests do not come to.
#include "cli/status_report.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

std::string text_of(const ReportLines& lines) {
  std::string text;
  for (const ReportLine& line : lines) text += line.text + "\n";
  return text;
}

// A node without a registry.
ShownStatus all_well() {
  ShownStatus status{.from_node = true, .node = "n1:9090", .ready = true, .discovered = 20};
  status.scrape = {.enabled = true, .synced = true, .up = true};
  status.prometheus_up = true;
  status.configuration_in_use = true;
  return status;
}

TEST(StatusReport, LevelsShowWhatScrapesWhatAndWhoIsNotWell) {
  const ShownLevels levels{
      .sources = {{.prefix = "/t/", .targets = 3, .feeds = {"a"}},
                  {.prefix = "/u/", .targets = {}, .feeds = {"a"}}},
      .levels = {{.service = "a",
                  .depth = 1,
                  .self = true,
                  .scrapes = {"/t/", "/u/"},
                  .feeds = {"b"},
                  .nodes = {{.name = "n:1", .state = "active", .algorithm = "bounded-1"},
                            {.name = "n:2", .state = "down", .algorithm = "bounded-1"},
                            {.name = "n:3", .state = "active"}}},
                 {.service = "b", .depth = 2}},
      .loops = {"b scrapes b"}};
  EXPECT_EQ(text_of(levels_lines(levels)),
            "! a loop: b scrapes b\n"
            "/t/  3 targets ──▶ a\n"
            "/u/ ──▶ a\n"
            "level 1  a ×3 ──▶ b  ◀ this node\n"
            "  scrapes /t/, /u/\n"
            "    n:1\n"
            "    n:2  ! down\n"
            "    n:3  ! an original promster: legacy ring\n"
            "level 2  b ×0\n"
            "  scrapes what it does not say\n");
  EXPECT_EQ(levels_lines(levels)[6].kind, LineKind::kBad);
}

TEST(StatusReport, WhatComesFromOutsideIsPrintable) {
  const ShownStatus status{
      .from_node = true, .node = "a\x1b[2J", .degraded = {"x\ny"}, .pending = "\x07"};
  for (const ReportLine& line : overview_lines(status)) {
    for (const char c : line.text) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line.text;
  }
  const ShownHistory history{.changes = {{.summary = "\x1b]0;title\x07"}}};
  EXPECT_NE(history_lines(history)[1].text.find("\\x1b]0;title\\x07"), std::string::npos);
}

TEST(StatusReport, WithoutARegistryNobodyShares) {
  ShownStatus status = all_well();
  EXPECT_NE(text_of(overview_lines(status)).find("All is well: 20 targets, all scraped by each"),
            std::string::npos);
  status.registry = status.scrape;
  status.registered = true;
  status.members = 3;
  EXPECT_NE(text_of(overview_lines(status)).find("All is well: 3 nodes share 20 targets"),
            std::string::npos);
  status.members = 1;
  EXPECT_NE(text_of(overview_lines(status)).find("All is well: 1 node scrapes 20 targets"),
            std::string::npos);
}

// The headline and what stands below it.
void expect_warned(const ShownStatus& status, const std::string& problem, const std::string& part) {
  const std::string text = text_of(overview_lines(status));
  EXPECT_NE(text.find("\n! It works; 1 thing needs a look\n! " + problem), text.npos) << text;
  EXPECT_NE(text.find("\n! " + part), text.npos) << text;
}

TEST(StatusReport, TheHeadlineIsNoBetterThanTheLinesBelow) {
  ShownStatus status = all_well();
  status.discovered = 0;
  expect_warned(status, "no targets: there is none below", "Targets        0 targets");
  status = all_well();
  status.registry = status.scrape;
  status.members = status.members_active = 2;
  status.registered = true;
  status.lease_ttl = 10;
  status.lease_remaining = 3.9;
  expect_warned(status, "the lease is not renewed: 3.9 s of 10 s left",
                "Registration   registered, lease: 4 s of 10 s left");
  status.lease_remaining = 4.1;
  EXPECT_EQ(overview_lines(status)[1].kind, LineKind::kOk);
  status.members_draining = 1;
  expect_warned(status, "1 node drains: the other nodes take over its targets\n    it leaves when",
                "Nodes          2 nodes, 1 draining");
  status.draining = true;
  expect_warned(status, "this node drains: its siblings take over its targets\n",
                "Registration   draining");
  status = all_well();
  status.held = 2;  // of which an older node says no more
  const std::string text = text_of(overview_lines(status));
  EXPECT_NE(text.find("\n! It works; 1 thing needs a look\n\n"), text.npos) << text;
}

TEST(StatusReport, EtcdAloneSaysWhatNeedsALookButNotThatItWorks) {
  ShownStatus status = all_well();
  status.from_node = status.ready = false;
  EXPECT_EQ(overview_lines(status)[1].text, "• 20 targets, all scraped by each node");
  status.discovered = 0;
  EXPECT_EQ(overview_lines(status)[1].text, "! 1 thing needs a look");
}

TEST(StatusReport, TheHistoryNamesALoneTarget) {
  const ShownHistory history{
      .changes = {{.summary = "1 target new", .examples = {"10.0.0.1:3000"}},
                  {.summary = "n:1 left, 1 target moved in 1.1 s", .examples = {"10.0.0.2:3000"}},
                  {.summary = "2 targets new", .examples = {"10.0.0.1:3000", "10.0.0.2:3000"}},
                  {.summary = "1 target new: 10.0.0.4:3000", .examples = {"10.0.0.4:3000"}},
                  {.summary = "n:1 joined"}}};
  const std::string day = "1970-01-01 00:00:00  ";
  EXPECT_EQ(text_of(history_lines(history)),
            "HISTORY (UTC)\n" + day + "1 target new: 10.0.0.1:3000\n" + day +
                "n:1 left, 1 target moved in 1.1 s: 10.0.0.2:3000\n" + day + "2 targets new\n" +
                day + "1 target new: 10.0.0.4:3000\n" + day + "n:1 joined\n");
}

TEST(StatusReport, ARefusedConfigurationAndAWithdrawnNodeAreTold) {
  ShownStatus status{.from_node = true, .draining = true};
  status.registry = status.scrape = {.enabled = true, .synced = true, .reason = "gone"};
  status.withdrawn = true;
  status.registration_reason = "it drains";
  status.refused_by = "promtool";
  status.rejected = 4;
  status.rejected_examples = {{"/t/x", "no port; try: host:port"}};
  const std::string text = text_of(overview_lines(status));
  for (const char* words :
       {"! Registration   withdrawn: it drains", "! etcd           lost, the last state stays",
        "✗ Configuration  refused by promtool, never accepted in this run",
        "! etcd key rejected: /t/x\n    no port; try: host:port",
        "! 4 keys of etcd rejected in all"}) {
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  }
}

}  // namespace
}  // namespace promster
