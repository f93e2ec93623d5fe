#include "core/foreign_targets.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Addresses = std::vector<std::string>;

SteadyTime at(int seconds) {
  return SteadyTime(std::chrono::seconds(seconds));
}

TEST(ForeignTargets, WhatWasLetGoIsForeignUntilItsTimeIsOver) {
  ForeignTargets foreign(std::chrono::seconds(120));
  foreign.scraping({"a:1", "b:1"}, at(0));
  foreign.expire(at(9));
  EXPECT_TRUE(foreign.addresses().empty());
  foreign.scraping({"b:1"}, at(10));
  EXPECT_EQ(foreign.addresses(), Addresses{"a:1"});
  EXPECT_EQ(foreign.deadline(), at(130));
  EXPECT_FALSE(foreign.expire(at(129)));
  EXPECT_EQ(foreign.addresses(), Addresses{"a:1"});
  EXPECT_TRUE(foreign.expire(at(130)));
  EXPECT_TRUE(foreign.addresses().empty());
  EXPECT_EQ(foreign.deadline(), std::nullopt);
}

TEST(ForeignTargets, WhatComesBackIsOursAgain) {
  ForeignTargets foreign(std::chrono::seconds(120));
  foreign.scraping({"a:1"}, at(0));
  foreign.scraping({}, at(1));
  foreign.scraping({"a:1"}, at(2));
  EXPECT_EQ(foreign.deadline(), at(5));
  foreign.expire(at(5));
  EXPECT_TRUE(foreign.addresses().empty());
}

TEST(ForeignTargets, WhatIsLetGoTwiceStaysFromTheSecondTime) {
  ForeignTargets foreign(std::chrono::seconds(60));
  foreign.scraping({"a:1"}, at(0));
  foreign.scraping({}, at(10));
  foreign.scraping({"a:1"}, at(20));
  foreign.scraping({}, at(30));
  EXPECT_EQ(foreign.deadline(), at(90));
}

// What Prometheus may still believe of them ends with what it hears last.
TEST(ForeignTargets, WhatIsNewIsSaidToBeForeignForAMoment) {
  ForeignTargets foreign(std::chrono::seconds(120));
  foreign.scraping({"a:1"}, at(0));
  EXPECT_EQ(foreign.addresses(), Addresses{"a:1"});
  EXPECT_EQ(foreign.deadline(), at(3));
  EXPECT_TRUE(foreign.expire(at(3)));
  EXPECT_TRUE(foreign.addresses().empty());
  foreign.scraping({"a:1"}, at(4));
  EXPECT_TRUE(foreign.addresses().empty()) << "it is not new any more";
}

TEST(ForeignTargets, WhatAFormerRunScrapedGoesOn) {
  ForeignTargets foreign(std::chrono::seconds(120));
  foreign.continues({"a:1"});
  foreign.scraping({"a:1", "b:1"}, at(0));
  EXPECT_EQ(foreign.addresses(), Addresses{"b:1"});
}

TEST(ForeignTargets, WithoutGuardedRulesNothingIsForeign) {
  ForeignTargets foreign(Duration::zero());
  foreign.scraping({"a:1"}, at(0));
  foreign.scraping({}, at(1));
  EXPECT_TRUE(foreign.addresses().empty());
}

}  // namespace
}  // namespace promster
