#include "cli/text_table.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Lines = std::vector<std::string>;

TEST(TextTable, ColumnsAreAsWideAsTheyNeed) {
  EXPECT_EQ(text_table({{"NODE"}, {"TARGETS", true}, {"STATE"}},
                       {{"10.0.0.1:9090", "5", "active"}, {"a", "12", "draining"}}),
            (Lines{"NODE           TARGETS  STATE", "10.0.0.1:9090        5  active",
                   "a                   12  draining"}));
}

TEST(TextTable, AColumnInWhichNothingIsSaidIsLeftOut) {
  EXPECT_EQ(text_table({{"A"}, {"B"}, {"C"}}, {{"1", "", "3"}, {"4", "", "6"}}),
            (Lines{"A  C", "1  3", "4  6"}));
}

TEST(TextTable, ShowsWhatIsNotPrintable) {
  EXPECT_EQ(text_table({{"A"}, {"B"}}, {{"x\x1b[2J", "ä"}, {"ö", "y"}}),
            (Lines{"A         B", "x\\x1b[2J  ä", "ö         y"}));
}

TEST(TextTable, FittedFillsOrCuts) {
  EXPECT_EQ(fitted("ab", 4), "ab  ");
  EXPECT_EQ(fitted("█████", 3), "██…");
  EXPECT_EQ(fitted("abc", 3), "abc");
  EXPECT_EQ(fitted("abc", 1), "…");
  EXPECT_EQ(fitted("abc", 0), "");
}

}  // namespace
}  // namespace promster
