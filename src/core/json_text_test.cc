#include "core/json_text.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace promster {
namespace {

TEST(JsonText, QuotesWhatMustBe) {
  EXPECT_EQ(json_quote("10.0.0.1:9090"), "\"10.0.0.1:9090\"");
  EXPECT_EQ(json_quote("a\"b\\c\n"), R"("a\"b\\c\n")");
  EXPECT_EQ(json_quote(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(json_quote("\xff"), "\"\xef\xbf\xbd\"");
}

RC_GTEST_PROP(JsonText, AnotherParserReadsItBack, (const std::string& bytes)) {
  std::string text;  // any bytes as Latin-1, written in UTF-8
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  RC_ASSERT(nlohmann::json::parse(json_quote(text)).get<std::string>() == text);
}

}  // namespace
}  // namespace promster
