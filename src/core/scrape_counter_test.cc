#include "core/scrape_counter.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Counts = std::map<std::string, int>;

ScrapesSeen look(const std::map<std::string, double>& last_scrapes) {
  ScrapesSeen event;
  for (const auto& [address, time] : last_scrapes) {
    event.targets.push_back({.address = address, .last_scrape = time, .up = true});
  }
  return event;
}

TEST(ScrapeCounter, CountsEachScrapeOnce) {
  ScrapeCounter counter;
  counter.see(look({{"a", 0}, {"b", 100}}));
  EXPECT_EQ(counter.counts(), (Counts{{"a", 0}, {"b", 1}}));
  counter.see(look({{"a", 0}, {"b", 100}}));
  EXPECT_EQ(counter.counts(), (Counts{{"a", 0}, {"b", 1}}));
  counter.see(look({{"a", 104}, {"b", 105}}));
  EXPECT_EQ(counter.counts(), (Counts{{"a", 1}, {"b", 2}}));
}

TEST(ScrapeCounter, ForgetsWhatIsNotScrapedAnyMore) {
  ScrapeCounter counter;
  counter.see(look({{"a", 100}}));
  counter.see(look({}));
  EXPECT_TRUE(counter.counts().empty());
  counter.see(look({{"a", 100}}));
  EXPECT_EQ(counter.counts(), (Counts{{"a", 1}}));
}

TEST(ScrapeCounter, StartsAnewWhenCleared) {
  ScrapeCounter counter;
  counter.see(look({{"a", 100}}));
  counter.see(look({{"a", 105}}));
  counter.clear();
  EXPECT_TRUE(counter.counts().empty());
  counter.see(look({{"a", 105}}));
  EXPECT_EQ(counter.counts(), (Counts{{"a", 1}}));
}

}  // namespace
}  // namespace promster
