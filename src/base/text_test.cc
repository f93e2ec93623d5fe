#include "base/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace promster {
namespace {

using Parts = std::vector<std::string_view>;

TEST(TextTest, SplitsAtEverySeparator) {
  EXPECT_EQ(split("a,,b", ','), (Parts{"a", "", "b"}));
  EXPECT_EQ(split("", ','), Parts{""});
  EXPECT_EQ(split(",", ','), (Parts{"", ""}));
  EXPECT_EQ(split("a", ','), Parts{"a"});
}

RC_GTEST_PROP(TextTest, SplitPartsJoinToTheText, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,")));
  std::string joined;
  for (const std::string_view part : split(text, ',')) joined += std::string(part) + ",";
  RC_ASSERT(joined == text + ",");
}

TEST(TextTest, TrimsBothEnds) {
  EXPECT_EQ(trim(" \t\r\na b\n "), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("a"), "a");
}

TEST(TextTest, KnowsUtf8) {
  for (const std::string text :
       {"", "plain", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbd", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << printable(text);
  }
  EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(TextTest, KnowsWhatIsNoUtf8) {
  for (const std::string text :
       {"\x80", "\xff", "\xc3", "\xc3(", "a\xe2\x82", "\xe2\x28\xa1", "\xf0\x9f\x98",
        "\xc0\xaf",          // overlong
        "\xc1\xbf",          // overlong
        "\xe0\x9f\xbf",      // overlong
        "\xf0\x8f\xbf\xbf",  // overlong
        "\xed\xa0\x80",      // a surrogate
        "\xed\xbf\xbf",      // a surrogate
        "\xf4\x90\x80\x80",  // above U+10FFFF
        "\xf5\x80\x80\x80", "\xfe"}) {
    EXPECT_FALSE(is_utf8(text)) << printable(text);
    EXPECT_FALSE(is_utf8("a" + text + "b")) << printable(text);
  }
}

TEST(TextTest, KnowsControlCharacters) {
  for (const std::string text :
       {"\n", "a\tb", "\x1b[2J", "\x7f", "\xc2\x80", "\xc2\x9f", "\xe2\x80\xa8", "\xe2\x80\xa9"}) {
    EXPECT_TRUE(has_control(text)) << printable(text);
  }
  EXPECT_TRUE(has_control(std::string_view("\0", 1)));
  for (const std::string text :
       {"", " ", "a~", "\xc2\xa0", "\xc3\xa9", "\xe2\x80\xa7", "\xe2\x80\xaa"}) {
    EXPECT_FALSE(has_control(text)) << printable(text);
  }
}

TEST(TextTest, PrintsWhatCannotBePrintedAsBytes) {
  EXPECT_EQ(printable("a\nb"), "a\\x0ab");
  EXPECT_EQ(printable("\xff\xc3\xa9"), "\\xff\xc3\xa9");
  EXPECT_EQ(printable("\xe2\x80\xa8"), "\\xe2\\x80\\xa8");
  EXPECT_EQ(printable("a\\n"), "a\\\\n");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(TextTest, PrintsLongTextCut) {
  EXPECT_EQ(printable("0123456789", 10), "0123456789");
  EXPECT_EQ(printable("0123456789a", 10), "0123456...");
  EXPECT_EQ(printable(std::string(1000, 'a')).size(), 200U);
}

RC_GTEST_PROP(TextTest, PrintableIsOneShortLineOfUtf8, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(
      std::string("ab\\\n\x7f\xff\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") + std::string(1, '\0')));
  const auto most = *rc::gen::inRange<std::size_t>(3, 60);
  const std::string shown = printable(text, most);
  RC_ASSERT(shown.size() <= most);
  RC_ASSERT(is_utf8(shown));
  RC_ASSERT(!has_control(shown));
}

// Different texts never look the same, unless they were cut.
RC_GTEST_PROP(TextTest, PrintableTellsTextsApart, ()) {
  const auto any = rc::gen::container<std::string>(rc::gen::elementOf(std::string("\\x0a\n")));
  const std::string one = *any, other = *any;
  RC_ASSERT((printable(one, 10'000) == printable(other, 10'000)) == (one == other));
}

TEST(TextTest, SuggestsTheNearest) {
  const std::vector<std::string> names{"--scrape.paths", "--scrape.etcd-path",
                                       "--web.external-url"};
  EXPECT_EQ(did_you_mean("--scrape.path", names), "--scrape.paths");
  EXPECT_EQ(did_you_mean("--scrpe.etcd-path", names), "--scrape.etcd-path");
  EXPECT_EQ(did_you_mean("--web.external-url", names), "--web.external-url");
  EXPECT_EQ(did_you_mean("--verbose", names), std::nullopt);
  EXPECT_EQ(did_you_mean("x", {}), std::nullopt);
  EXPECT_EQ(did_you_mean("eb.external-url", names), "--web.external-url") << "three more";
  EXPECT_EQ(did_you_mean("b.external-url", names), std::nullopt) << "four more";
  EXPECT_EQ(did_you_mean(std::string(10'000, 'x'), names), std::nullopt);
}

}  // namespace
}  // namespace promster
