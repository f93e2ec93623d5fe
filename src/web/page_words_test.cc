#include "web/page_words.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(PageWords, Counts) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(counted(1, "target"), "1 target");
  EXPECT_EQ(counted(1000, "target"), "1,000 targets");
}

TEST(PageWords, Shares) {
  EXPECT_EQ(share_text(4), "4.0");
  EXPECT_EQ(share_text(3.3333), "3.3");
  EXPECT_EQ(share_text(1999.6), "2,000");
}

TEST(PageWords, TargetsMoveWhole) {
  EXPECT_EQ(fewest_text(0), "0");
  EXPECT_EQ(fewest_text(3.2), "4");
  EXPECT_EQ(fewest_text(4.0000000001), "4");
  EXPECT_EQ(fewest_text(1999.5), "2,000");
}

TEST(PageWords, Seconds) {
  EXPECT_EQ(seconds_text(-1), "0 ms");
  EXPECT_EQ(seconds_text(0.08), "80 ms");
  EXPECT_EQ(seconds_text(0.9996), "1 s");
  EXPECT_EQ(seconds_text(1.1), "1.1 s");
  EXPECT_EQ(seconds_text(5), "5 s");
  EXPECT_EQ(seconds_text(59.4), "59 s");
  EXPECT_EQ(seconds_text(200), "3 min 20 s");
  EXPECT_EQ(seconds_text(7500), "2 h 5 min");
  EXPECT_EQ(seconds_text(86400), "1 d");
}

TEST(PageWords, TimesAreForMachinesAndForPeople) {
  EXPECT_EQ(html_time(1795000142),
            "<time datetime=\"2026-11-18T11:09:02Z\">2026-11-18 11:09:02</time>");
  EXPECT_EQ(html_time(0), "never");
}

}  // namespace
}  // namespace promster
