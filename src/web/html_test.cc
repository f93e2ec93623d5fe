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

RC_GTEST_PROP(HtmlText, NoTextStartsAnElementOrEndsAnAttribute, (const std::string& text)) {
  const std::string html = html_text(text);
  RC_ASSERT(html.find_first_of("<>\"'\n") == html.npos);
}

}  // namespace
}  // namespace promster
