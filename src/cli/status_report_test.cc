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
  EXPECT_NE(history_lines(history)[0].text.find("\\x1b]0;title\\x07"), std::string::npos);
}

TEST(StatusReport, WithoutARegistryNobodyShares) {
  ShownStatus status{.from_node = true, .node = "n1:9090", .ready = true, .discovered = 20};
  EXPECT_NE(text_of(overview_lines(status)).find("All is well: 20 targets, all scraped by each"),
            std::string::npos);
  status.registry.enabled = true;
  status.members = 3;
  EXPECT_NE(text_of(overview_lines(status)).find("All is well: 3 nodes share 20 targets"),
            std::string::npos);
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
