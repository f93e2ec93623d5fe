#include "base/ascii_case.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

TEST(AsciiCase, OnlyLettersOfAsciiChange) {
  EXPECT_EQ(lower_ascii("AZaz09@[`{-_ \xc3\x84"), "azaz09@[`{-_ \xc3\x84");
  EXPECT_EQ(lower_ascii(std::string_view()), "");
}

TEST(AsciiCase, ComparesWithoutIt) {
  EXPECT_TRUE(equal_without_case("Content-Length", "content-LENGTH"));
  EXPECT_TRUE(equal_without_case("", ""));
  EXPECT_FALSE(equal_without_case("a", "ab"));
  EXPECT_FALSE(equal_without_case("@", "`"));
  EXPECT_FALSE(equal_without_case("[", "{"));
}

}  // namespace
}  // namespace promster
