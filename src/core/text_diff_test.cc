#include "core/text_diff.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(TextDiff, NothingWhereTheTextsAreEqual) {
  EXPECT_EQ(text_diff("", ""), "");
  EXPECT_EQ(text_diff("a\nb\n", "a\nb\n"), "");
}

TEST(TextDiff, ShowsTheBlockThatDiffersWithItsSurroundings) {
  EXPECT_EQ(text_diff("1\n2\n3\n4\nold\n5\n6\n7\n8\n", "1\n2\n3\n4\nnew\nnewer\n5\n6\n7\n8\n"),
            " 2\n 3\n 4\n-old\n+new\n+newer\n 5\n 6\n 7\n");
}

TEST(TextDiff, FromNothingAndToNothing) {
  EXPECT_EQ(text_diff("", "a\nb\n"), "+a\n+b\n");
  EXPECT_EQ(text_diff("a\nb\n", ""), "-a\n-b\n");
}

TEST(TextDiff, ALineThatIsThereTwiceIsNotCountedTwice) {
  EXPECT_EQ(text_diff("a\n", "a\na\n"), " a\n+a\n");
  EXPECT_EQ(text_diff("a\na\n", "a\n"), " a\n-a\n");
}

}  // namespace
}  // namespace promster
