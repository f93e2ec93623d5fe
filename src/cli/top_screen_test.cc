// What `promster top` shows, and what keys do to it, without a terminal.
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/text_table.h"
#include "cli/top_model.h"

namespace promster {
namespace {

constexpr const char* kStatus = R"({"time": 100, "node": "10.0.0.1:9090", "service": "s",
  "version": "1.2", "ready": true, "missing": [], "degraded": [],
  "members": {"total": 2, "active": 2, "draining": 0, "kept": []},
  "targets": {"discovered": 3, "assigned": 2, "moving": 0, "held": 0,
              "rejected": {"total": 0, "by_code": {}, "examples": []}},
  "etcd": {"registry": {"enabled": true, "synced": true, "up": true, "revision": 7, "reason": ""},
           "scrape": {"enabled": true, "synced": true, "up": true, "revision": 7, "reason": ""}},
  "registration": {"registered": true, "withdrawn": false, "reason": "", "lease_ttl": 5,
                   "lease_remaining": 4},
  "prometheus": {"up": true, "reason": "", "version": "2.42.0", "url": ""},
  "configuration": {"in_use": true, "last_accepted": 88, "pending": "", "refused_by": "",
                    "refusal": "", "file_failure": ""},
  "draining": false, "algorithm": "bounded", "checksum": "0123456789abcdef", "revision": 7,
  "balance": {"fair": 1.5, "most": 2, "least": 1, "max_over_mean": 1.333, "capacity": 2}})";

constexpr const char* kNodes = R"({"revision": 7, "nodes": [
  {"name": "10.0.0.1:9090", "state": "active", "self": true, "targets": 2,
   "algorithm": "bounded-1", "version": "1.2", "web": "http://10.0.0.1:9096", "agrees": true},
  {"name": "10.0.0.2:9090", "state": "draining", "self": false, "targets": 1, "algorithm": "",
   "version": "", "web": "", "agrees": null}]})";

std::string history(int changes) {
  std::string text = "{\"total\": 1, \"changes\": [";
  for (int i = changes; i > 0; --i) {
    text += (i == changes ? "" : ",") + std::string("{\"id\": ") + std::to_string(i) +
            ", \"time\": 1700000000, \"summary\": \"change " + std::to_string(i) + "\"}";
  }
  return text + "]}";
}

std::string text_of(const ReportLines& lines) {
  std::string text;
  for (const ReportLine& line : lines) text += line.text + "\n";
  return text;
}

bool shows(const TopModel& model, const std::string& words) {
  return text_of(top_screen(model, 120, 40)).find(words) != std::string::npos;
}

TopModel answered() {
  TopModel model{.url = "http://10.0.0.1:9096", .live = true};
  take_answer(model, "status", std::string(kStatus));
  take_answer(model, "nodes", std::string(kNodes));
  take_answer(model, "history?limit=5", history(3));
  return model;
}

TEST(TopScreen, TheOverviewSaysWhetherItIsFineAndWhoHasWhat) {
  const TopModel model = answered();
  EXPECT_EQ(model.trouble, "");
  for (const char* words :
       {"[1 Overview]", "● live", "✓ All is well: 2 nodes share 3 targets",
        "registered, lease: 4 s of 5 s left", "watched; registry: revision 7", "up, 2.42.0",
        "3 targets, 2 of them here", "in use, accepted 12 s ago", "fair share 1.5",
        "10.0.0.1:9090  active            2  ████████████████████  this node",
        "10.0.0.2:9090  ! draining        1  ██████████", "2023-11-14 22:13:20  change 3"}) {
    EXPECT_TRUE(shows(model, words)) << words << "\n" << text_of(top_screen(model, 120, 40));
  }
  EXPECT_FALSE(shows(model, "fair share 0.0")) << "the balance is said once";
}

TEST(TopScreen, EveryLineFitsTheScreen) {
  TopModel model = answered();
  for (const std::size_t width : {1, 7, 40, 80, 200}) {
    for (const std::size_t height : {1, 2, 3, 24, 60}) {
      for (const char* key : {"1", "2", "3", "4", "5", "?"}) {
        press(model, key, height);
        const ReportLines screen = top_screen(model, width, height);
        ASSERT_EQ(screen.size(), height);
        for (const ReportLine& line : screen) {
          EXPECT_EQ(display_width(line.text), width) << line.text;
        }
      }
    }
  }
}

TEST(TopScreen, WhatIsOldSaysSo) {
  TopModel model = answered();
  take_answer(model, "status", Error{"GET http://x: Couldn't connect to server"});
  EXPECT_TRUE(shows(model, "! old"));
  EXPECT_TRUE(shows(model, "! GET http://x: Couldn't connect to server"));
  EXPECT_TRUE(shows(model, "All is well")) << "what was known last stays";
  take_answer(model, "status", std::string(kStatus));
  EXPECT_TRUE(shows(model, "● live"));
  take_answer(model, "nodes", std::string("[]"));
  EXPECT_TRUE(shows(model, "! nodes: ")) << "an answer in another form is none";
}

TEST(TopScreen, ScrollsAsFarAsThereIsSomething) {
  TopModel model = answered();
  press(model, "5", 12);
  take_answer(model, "history?limit=1000", history(30));
  // Below the title, which scrolls with the lines.
  const auto first = [&] { return top_screen(model, 80, 12)[2].text.substr(21, 9); };
  EXPECT_EQ(first(), "change 30");
  EXPECT_EQ(press(model, "down", 12), KeyEffect::kRedraw);
  EXPECT_EQ(first(), "change 29");
  press(model, "page-down", 12);
  EXPECT_EQ(first(), "change 19");
  press(model, "end", 12);
  EXPECT_EQ(first(), "change 9 ");
  press(model, "down", 12);
  EXPECT_EQ(first(), "change 9 ");
  press(model, "home", 12);
  press(model, "up", 12);
  EXPECT_EQ(first(), "change 30");
}

TEST(TopScreen, ASearchIsTypedAndAskedFor) {
  TopModel model = answered();
  EXPECT_EQ(press(model, "/", 24), KeyEffect::kAsk);
  EXPECT_EQ(model.view, TopView::kTargets);
  for (const std::string& key : read_keys("a q\x7f?")) press(model, key, 24);
  EXPECT_EQ(model.search, "a ?") << "while it is typed no key does anything else";
  EXPECT_EQ(wanted_resources(model), (std::vector<std::string>{"targets?q=a%20%3F&limit=200"}));
  take_answer(model, "targets?q=a&limit=200", std::string(R"({"targets": [], "total": 0})"));
  EXPECT_FALSE(model.targets) << "that was for another search";
  EXPECT_EQ(press(model, "enter", 24), KeyEffect::kRedraw);
  EXPECT_FALSE(model.typing);
  EXPECT_EQ(press(model, "escape", 24), KeyEffect::kAsk);
  EXPECT_EQ(model.search, "");
  press(model, "h", 24);
  EXPECT_EQ(wanted_resources(model), (std::vector<std::string>{"targets?limit=200&health=true"}));
}

TEST(TopScreen, KeysChooseTheView) {
  TopModel model = answered();
  EXPECT_EQ(press(model, "4", 24), KeyEffect::kAsk);
  EXPECT_EQ(model.view, TopView::kLevels);
  press(model, "tab", 24);
  press(model, "tab", 24);
  EXPECT_EQ(model.view, TopView::kOverview);
  press(model, "back-tab", 24);
  EXPECT_EQ(model.view, TopView::kHistory);
  press(model, "?", 24);
  EXPECT_TRUE(shows(model, "KEYS"));
  EXPECT_EQ(press(model, "q", 24), KeyEffect::kQuit);
  EXPECT_EQ(press(model, "ctrl-c", 24), KeyEffect::kQuit);
}

TEST(TopKeys, AreReadFromWhatTerminalsSend) {
  using Keys = std::vector<std::string>;
  EXPECT_EQ(read_keys("q/\x1b[A\x1bOB\x1b[5~\x1b[6~\t\x1b[Z\r"),
            (Keys{"q", "/", "up", "down", "page-up", "page-down", "tab", "back-tab", "enter"}));
  EXPECT_EQ(read_keys("\x1b"), Keys{"escape"});
  EXPECT_EQ(read_keys("\x1b[1;5Cx\x01\x03"), (Keys{"x", "ctrl-c"})) << "keys that are none of ours";
}

}  // namespace
}  // namespace promster
