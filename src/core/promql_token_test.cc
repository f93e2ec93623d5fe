#include "core/promql_token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace promster {
namespace {

using Kind = PromqlToken::Kind;

// The tokens with a letter for their kind, or the error.
std::string shown(std::string_view expr) {
  const auto tokens = promql_tokens(expr);
  if (!tokens) return tokens.error().message;
  std::string out;
  for (const PromqlToken& token : *tokens) {
    constexpr std::string_view kLetters = "wndsy";
    out += out.empty() ? "" : " ";
    out += kLetters[static_cast<std::size_t>(token.kind)];
    out += ':' + std::string(token.text);
  }
  return out;
}

TEST(PromqlTokens, Words) {
  EXPECT_EQ(shown("a _b9 :c:d A"), "w:a w:_b9 w::c:d w:A");
  EXPECT_EQ(shown("sum by(x)"), "w:sum w:by y:( w:x y:)");
}

TEST(PromqlTokens, NumbersAndDurations) {
  EXPECT_EQ(shown("5 .5 5. 1e3 1E-3 1e+3 0x1F 0X1f 1_000"),
            "n:5 n:.5 n:5. n:1e3 n:1E-3 n:1e+3 n:0x1F n:0X1f n:1_000");
  EXPECT_EQ(shown("5m 1h30m 5ms 1y2w3d4h5m6s7ms"), "d:5m d:1h30m d:5ms d:1y2w3d4h5m6s7ms");
  EXPECT_EQ(shown("1e3-5m"), "n:1e3 y:- d:5m");
  EXPECT_EQ(shown("0x1e+5"), "n:0x1e y:+ n:5");
  EXPECT_EQ(shown("1-2"), "n:1 y:- n:2");
  for (const char* bad : {"5q", "2e", "2e+", "0x", "5mm", "5m5", "1h_", "7x", "0xg", "1e2e3"}) {
    EXPECT_EQ(shown(bad), "at byte 0: neither a number nor a duration") << bad;
  }
}

TEST(PromqlTokens, Strings) {
  EXPECT_EQ(shown(R"("a'b" 'c"d' `e\`)"), R"(s:"a'b" s:'c"d' s:`e\`)");
  EXPECT_EQ(shown(R"("a\"b\\" 'c\'d')"), R"(s:"a\"b\\" s:'c\'d')");
  EXPECT_EQ(shown("`a\nb`"), "s:`a\nb`");
  for (const char* bad : {"x \"a", "x \"a\nb\"", "x 'a\\'", "x `a", "x \"a\\\nb\""}) {
    EXPECT_EQ(shown(bad), "at byte 2: a string without an end") << bad;
  }
}

TEST(PromqlTokens, Symbols) {
  EXPECT_EQ(shown("==!=<=>=<>+-*/%^@,=~!~="),
            "y:== y:!= y:<= y:>= y:< y:> y:+ y:- y:* y:/ y:% y:^ y:@ y:, y:=~ y:!~ y:=");
  EXPECT_EQ(shown("x[1h:5m]:y"), "w:x y:[ d:1h y:: d:5m y:] w::y");
  for (const char* bad : {"a;", "a!", "a$", "a&", "a\v"}) {
    EXPECT_EQ(shown(bad), "at byte 1: a character that has no meaning here") << bad;
  }
  EXPECT_EQ(shown("a\xff"), "not UTF-8");
}

TEST(PromqlTokens, SpacesAndCommentsAreNone) {
  EXPECT_EQ(shown(" \t\r\n"), "");
  EXPECT_EQ(shown("# a\nb # c \"\r d#"), "w:b w:d");
}

TEST(PromqlTokens, KeywordsInAnyCase) {
  const auto tokens = promql_tokens("Offset offsets \"offset\"");
  ASSERT_TRUE(tokens.ok());
  EXPECT_TRUE((*tokens)[0].is_keyword("offset"));
  EXPECT_FALSE((*tokens)[1].is_keyword("offset"));
  EXPECT_FALSE((*tokens)[2].is_keyword("offset"));
}

RC_GTEST_PROP(PromqlTokens, PointIntoTheTextInOrder, ()) {
  const std::string expr = *rc::gen::container<std::string>(
      rc::gen::element('a', '1', 'e', 'm', '.', '"', '\\', '\'', '[', ':', ']', '-', '=', '~', '#',
                       '\n', ' ', '{', '}'));
  const auto tokens = promql_tokens(expr);
  if (!tokens) return;
  std::size_t end = 0;
  for (const PromqlToken& token : *tokens) {
    RC_ASSERT(token.begin >= end && !token.text.empty());
    RC_ASSERT(token.text == std::string_view(expr).substr(token.begin, token.text.size()));
    end = token.end();
  }
  RC_ASSERT(end <= expr.size());
}

}  // namespace
}  // namespace promster
