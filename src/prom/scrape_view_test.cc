#include "prom/scrape_view.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <chrono>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace promster {
namespace {

struct Scraped {
  std::string job, address, last_scrape, health;
};

// As Prometheus 2.42 answers, in its order of fields.
std::string entry(const Scraped& target) {
  return R"({"discoveredLabels":{"__address__":")" + target.address +
         R"(","__metrics_path__":"/metrics","__scheme__":"http","__scrape_interval__":"5s",)"
         R"("__scrape_timeout__":"5s","job":")" +
         target.job + R"(","prsn":"generator"},"labels":{"instance":")" + target.address +
         R"(","health":"of a label","job":")" + target.job +
         R"(","prsn":"generator"},"scrapePool":")" + target.job + R"(","scrapeUrl":"http://)" +
         target.address + R"(/metrics","globalUrl":"http://)" + target.address +
         R"(/metrics","lastError":"","lastScrape":")" + target.last_scrape +
         R"(","lastScrapeDuration":0.001234,"health":")" + target.health +
         R"(","scrapeInterval":"5s","scrapeTimeout":"5s"})";
}

std::string answer(const std::vector<Scraped>& targets) {
  std::string list;
  for (const Scraped& target : targets) list += (list.empty() ? "" : ",") + entry(target);
  return R"({"status":"success","data":{"activeTargets":[)" + list + R"(],"droppedTargets":[]}})";
}

using Read = std::map<std::string, std::pair<double, bool>>;

Read read(const std::string& text) {
  const auto seen = read_scrapes(text);
  EXPECT_TRUE(seen) << text;
  Read result;
  if (!seen) return result;
  for (const auto& one : seen->targets) result[one.address] = {one.last_scrape, one.up};
  EXPECT_EQ(result.size(), seen->targets.size()) << "each address once";
  return result;
}

TEST(ScrapeViewTest, ReadsWhatPrometheusAnswers) {
  EXPECT_EQ(read(answer({{"/metrics", "a:1", "1970-01-01T00:01:40.5Z", "up"},
                         {"/metrics", "b:1", "1970-01-01T00:01:40Z", "down"},
                         {"/metrics", "c:1", "0001-01-01T00:00:00Z", "unknown"}})),
            (Read{{"a:1", {100.5, true}}, {"b:1", {100, false}}, {"c:1", {0, false}}}));
  EXPECT_EQ(read(answer({})), Read{});
}

TEST(ScrapeViewTest, TakesOnlyJobsThatAreNamedByAPath) {
  EXPECT_EQ(read(answer({{"promster", "a:1", "1970-01-01T00:00:01Z", "up"},
                         {"/federate", "b:1", "1970-01-01T00:00:02Z", "up"},
                         {"node", "c:1", "garbage", "up"}})),
            (Read{{"b:1", {2, true}}}));
}

TEST(ScrapeViewTest, AnAddressOfSeveralJobsIsAsOldAsItsOldest) {
  EXPECT_EQ(read(answer({{"/a", "a:1", "1970-01-01T00:00:09Z", "up"},
                         {"/a", "b:1", "1970-01-01T00:00:01Z", "up"},
                         {"/b", "a:1", "1970-01-01T00:00:03Z", "up"},
                         {"/b", "b:1", "0001-01-01T00:00:00Z", "unknown"},
                         {"/c", "a:1", "1970-01-01T00:00:05Z", "up"}})),
            (Read{{"a:1", {3, true}}, {"b:1", {0, false}}}));
}

TEST(ScrapeViewTest, OtherFieldsAndOtherOrdersDoNotMatter) {
  EXPECT_EQ(read(R"({"data": {"droppedTargets": [{"discoveredLabels": {"__address__": "x:1"}}],
      "activeTargets": [{"health": "up", "more": {"health": [1, "down"], "scrapePool": "x"},
        "lastScrape": "1970-01-01T00:00:04Z", "scrapePool": "/m", "flag": null, "n": -1.5,
        "discoveredLabels": {"a": "b", "__address__": "a:1", "z": "y"}}],
      "other": [{"scrapePool": "/m"}]}, "status": "success"})"),
            (Read{{"a:1", {4, true}}}));
}

TEST(ScrapeViewTest, WhatCannotBeReadIsUnknown) {
  for (const char* text :
       {"", "hello", "{", "[]", "null", "{}", R"({"data": 1})", R"({"data": {}})",
        R"({"data": {"activeTargets": null}})", R"({"data": {"activeTargets": {}}})",
        R"({"activeTargets": []})", R"({"other": {"activeTargets": []}})",
        R"({"data": {"activeTargets": [{"scrapePool": "/m"}]}})"}) {
    EXPECT_FALSE(read_scrapes(text)) << text;
  }
  const std::string whole = answer({{"/metrics", "a:1", "1970-01-01T00:01:40Z", "up"}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(read_scrapes(whole.substr(0, length))) << "cut after " << length;
  }
  EXPECT_FALSE(read_scrapes(answer({{"/metrics", "a:1", "yesterday", "up"}})));
  const std::string deep(100'000, '[');
  EXPECT_FALSE(read_scrapes(deep + std::string(100'000, ']')));
}

TEST(ScrapeViewTest, TimesAsGoWritesThem) {
  const std::map<std::string, double> cases{
      {"1970-01-01T00:00:00Z", 0},
      {"2026-01-02T03:04:05Z", 1767323045},
      {"2026-01-02T03:04:05.25Z", 1767323045.25},
      {"2026-01-02T04:04:05+01:00", 1767323045},
      {"2026-01-01T21:34:05.5-05:30", 1767323045.5},
      {"2024-02-29T00:00:00Z", 1709164800},
      {"2026-01-02T03:04:05.123456789Z", 1767323045.123456789},
  };
  for (const auto& [text, seconds] : cases) {
    const auto parsed = parse_go_time(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_DOUBLE_EQ(*parsed, seconds) << text;
  }
  for (const char* text :
       {"", "2026", "2026-01-02", "2026-01-02T03:04:05", "2026-02-30T00:00:00Z",
        "2026-01-02 03:04:05Z", "2026-01-02T03:04:05Z ", "2026-01-02T03:04:05+0100",
        "-026-01-02T03:04:05Z", "2026-13-02T03:04:05Z", "2026-01-02T03:04:05.5"}) {
    EXPECT_FALSE(parse_go_time(text)) << text;
  }
}

// Any order of any targets gives the oldest scrape of each address.
RC_GTEST_PROP(ScrapeViewTest, EachAddressIsAsOldAsItsOldest,
              (const std::vector<std::pair<std::uint8_t, std::uint8_t>>& scrapes)) {
  std::vector<Scraped> targets;
  Read expected;
  for (const auto& [host, second] : scrapes) {
    const int seconds = 10 + second % 50;
    const std::string address = "h" + std::to_string(host % 8) + ":1";
    const bool up = second < 200;
    targets.push_back({"/m" + std::to_string(targets.size()), address,
                       "1970-01-01T00:00:" + std::to_string(seconds) + "Z", up ? "up" : "down"});
    const auto [it, is_new] = expected.try_emplace(address, seconds, up);
    if (is_new) continue;
    it->second = {std::min<double>(it->second.first, seconds), it->second.second && up};
  }
  RC_ASSERT(read(answer(targets)) == expected);
}

TEST(ScrapeViewTest, TenThousandTargetsAreReadQuickly) {
  std::vector<Scraped> targets;
  for (int i = 0; i < 10'000; ++i) {
    targets.push_back({"/metrics", "10.0.0." + std::to_string(i) + ":9100",
                       "2026-01-02T03:04:05.123456789Z", "up"});
  }
  const std::string text = answer(targets);
  const auto start = std::chrono::steady_clock::now();
  const auto seen = read_scrapes(text);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->targets.size(), 10'000u);
  RecordProperty("milliseconds", std::to_string(took.count()));
  EXPECT_LT(took.count(), 2000) << "also with sanitizers";
}

}  // namespace
}  // namespace promster
