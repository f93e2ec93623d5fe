#include "cluster/scrape_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace promster {
namespace {

constexpr double kInterval = 5;

// Every `every` seconds in [from, until].
ScrapeLog by(const std::string& scraper, double from, double until, double every = kInterval) {
  ScrapeLog log;
  for (double time = from; time <= until; time += every) {
    log.push_back({.time = time, .scraper = scraper});
  }
  return log;
}

ScrapeLog merged(ScrapeLog a, const ScrapeLog& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::ranges::stable_sort(a, {}, &Scrape::time);
  return a;
}

ScrapeFate fate(const ScrapeLog& log, double from, double until) {
  return judge_scrapes(log, {.from = from, .until = until}, kInterval);
}

TEST(ScrapeLog, IsReadAsItWasRendered) {
  const ScrapeLog log{{.time = 1700000000.125, .scraper = "127.0.0.1:40000"},
                      {.time = 1700000005.25, .scraper = "[::1]:40001"}};
  const std::string json = render_scrape_log(log);
  EXPECT_EQ(json, R"({"scrapes":[1700000000.125,1700000005.250],)"
                  R"("scrapers":["127.0.0.1:40000","[::1]:40001"]})"
                  "\n");
  const auto read = parse_scrape_log(json);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, log);
}

TEST(ScrapeLog, RefusesWhatIsNone) {
  for (const char* text :
       {"", "[]", "{}", R"({"scrapes":[]})", R"({"scrapes":[1],"scrapers":[]})",
        R"({"scrapes":["1"],"scrapers":["a"]})", R"({"scrapes":[1],"scrapers":[1]})"}) {
    EXPECT_FALSE(parse_scrape_log(text)) << text;
  }
}

TEST(JudgeScrapes, OneThatIsThereAllTheTimeIsRight) {
  const ScrapeFate right = fate(by("a", 100, 200), 120, 200);
  EXPECT_DOUBLE_EQ(right.longest_gap, 5);
  EXPECT_DOUBLE_EQ(right.longest_both, 0);
  EXPECT_FALSE(right.lost);
  EXPECT_FALSE(right.twice);
}

TEST(JudgeScrapes, AGapBeginsAtTheLastScrapeBeforeTheSpan) {
  const ScrapeLog log = merged(by("a", 100, 118), by("b", 133, 200));
  EXPECT_DOUBLE_EQ(fate(log, 120, 200).longest_gap, 18);
  EXPECT_DOUBLE_EQ(fate(log, 140, 200).longest_gap, 5);  // it was over
  EXPECT_DOUBLE_EQ(fate(log, 100, 113).longest_gap, 5);  // it had not begun
}

TEST(JudgeScrapes, AGapReachesToTheEnd) {
  const ScrapeFate left = fate(by("a", 100, 170), 120, 200);
  EXPECT_DOUBLE_EQ(left.longest_gap, 30);
  EXPECT_TRUE(left.lost);
  EXPECT_FALSE(fate(by("a", 100, 170), 120, 180).lost);  // two intervals to the second
}

TEST(JudgeScrapes, ANewTargetMayTakeItsTimeToBeFound) {
  EXPECT_DOUBLE_EQ(fate(by("a", 150, 200), 120, 200).longest_gap, 5);
}

TEST(JudgeScrapes, ATargetThatNobodyEverScrapedIsLost) {
  const ScrapeFate nobody = fate({}, 120, 200);
  EXPECT_DOUBLE_EQ(nobody.longest_gap, 80);
  EXPECT_TRUE(nobody.lost);
}

TEST(JudgeScrapes, TwoScrapeFromTheFirstOfTheOneToTheLastOfTheOther) {
  const ScrapeFate both = fate(merged(by("a", 100, 150), by("b", 138, 200)), 120, 200);
  EXPECT_DOUBLE_EQ(both.longest_both, 12);
  EXPECT_FALSE(both.twice);
  EXPECT_DOUBLE_EQ(both.longest_gap, 5);
}

TEST(JudgeScrapes, OneThatTakesOverBetweenTwoScrapesIsNoSecond) {
  EXPECT_DOUBLE_EQ(fate(merged(by("a", 100, 150), by("b", 151, 200)), 120, 200).longest_both, 0);
}

TEST(JudgeScrapes, OneThatComesBackHasNotBeenThereMeanwhile) {
  const ScrapeLog back =
      merged(merged(by("a", 100, 120), by("b", 122, 160)), by("a", 164, 200));  // same connection
  EXPECT_DOUBLE_EQ(fate(back, 120, 200).longest_both, 0);
  const ScrapeLog never_left = merged(by("a", 100, 200, 10), by("b", 122, 160));
  EXPECT_DOUBLE_EQ(fate(never_left, 120, 200).longest_both, 35);
}

TEST(JudgeScrapes, OnlyWhatIsInTheSpanCounts) {
  const ScrapeLog log = merged(by("a", 100, 150), by("b", 103, 200));
  EXPECT_DOUBLE_EQ(fate(log, 120, 200).longest_both, 30);
  EXPECT_DOUBLE_EQ(fate(log, 160, 200).longest_both, 0);
  EXPECT_DOUBLE_EQ(fate(log, 100, 140).longest_both, 35);  // 103 to 138, the last before the end
}

TEST(JudgeScrapes, TwoAtTheEndAreSeen) {
  EXPECT_TRUE(fate(merged(by("a", 100, 200), by("b", 138, 200)), 120, 200).twice);
  EXPECT_TRUE(fate(merged(by("a", 100, 195), by("b", 138, 200)), 120, 200).twice);
  EXPECT_FALSE(fate(merged(by("a", 100, 185), by("b", 138, 200)), 120, 200).twice);
}

TEST(AddFate, CountsWhatIsWrong) {
  ScrapeVerdict verdict;
  add_fate(verdict, {.longest_gap = 10.4}, kInterval);  // two intervals and half a second are right
  add_fate(verdict, {.longest_gap = 10.6, .longest_both = 3}, kInterval);
  add_fate(verdict, {.longest_gap = 80, .longest_both = 2, .lost = true, .twice = true}, kInterval);
  EXPECT_EQ(verdict.targets, 3);
  EXPECT_EQ(verdict.gaps, 2);
  EXPECT_DOUBLE_EQ(verdict.longest_gap, 80);
  EXPECT_EQ(verdict.both, 2);
  EXPECT_DOUBLE_EQ(verdict.longest_both, 3);
  EXPECT_EQ(verdict.lost, 1);
  EXPECT_EQ(verdict.twice, 1);
}

}  // namespace
}  // namespace promster
