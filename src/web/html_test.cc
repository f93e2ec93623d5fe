#include "web/html.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace promster {
namespace {

TEST(HtmlText, EscapesWhatHtmlReads) {
  EXPECT_EQ(html_text("<b a='1'>\"&amp;"), "&lt;b a=&#39;1&#39;&gt;&quot;&amp;amp;");
  EXPECT_EQ(html_text("näher \xe2\x82\xac"), "näher \xe2\x82\xac");
}

TEST(HtmlText, IsOnePrintableLine) {
  EXPECT_EQ(html_text(std::string("a\n\0\xff", 4)), "a\\x0a\\x00\\xff");
  EXPECT_EQ(html_text("abcdefghijk", 4), "a...");
}

TEST(HtmlLines, KeepsLinesAndTheSpacesInFrontOfThem) {
  EXPECT_EQ(html_lines("a:\n  <b>\r\n"), "a:\n  &lt;b&gt;\\x0d\n");
  EXPECT_EQ(html_lines("abcdef", 3), "abc\n...");
  EXPECT_EQ(html_lines(""), "");
}

TEST(Element, EscapesAttributesAndLeavesEmptyOnesOut) {
  EXPECT_EQ(element("a", {{"href", "x?a&\"b"}, {"class", ""}}, "<b>y</b>"),
            "<a href=\"x?a&amp;&quot;b\"><b>y</b></a>");
  EXPECT_EQ(void_element("input", {{"name", "q"}}), "<input name=\"q\" />");
}

TEST(Element, AnAttributeComesBackAsItWas) {
  EXPECT_EQ(void_element("input", {{"value", "a\\d"}}), "<input value=\"a\\d\" />");
  const std::string longer(5000, 'x');
  EXPECT_EQ(element("a", {{"href", longer}}, ""), "<a href=\"" + longer + "\"></a>");
  EXPECT_EQ(element("a", {{"href", "a\nb\x01"}}, ""), "<a href=\"ab\"></a>") << "no XML";
  EXPECT_EQ(element("a", {{"href", "\xff"}}, ""), "<a href=\"\\xff\"></a>") << "no UTF-8";
}

TEST(UrlValue, EncodesWhatAQueryReads) {
  EXPECT_EQ(url_value("/a b&c=d+e#\xc3\xa4.~-_1"), "%2Fa%20b%26c%3Dd%2Be%23%C3%A4.~-_1");
}

RC_GTEST_PROP(HtmlText, NoTextStartsAnElementOrEndsAnAttribute, (const std::string& text)) {
  const std::string html = html_text(text);
  RC_ASSERT(html.find_first_of("<>\"'\n") == html.npos);
}

}  // namespace
}  // namespace promster
