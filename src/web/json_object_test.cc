#include "web/json_object.h"

#include <gtest/gtest.h>

#include <limits>

namespace promster {
namespace {

TEST(JsonObject, FieldsComeInTheirOrder) {
  EXPECT_EQ(JsonObject().str(), "{}");
  EXPECT_EQ(JsonObject()
                .text("t", "a\"b\n")
                .number("n", 0.25)
                .number("none", std::nullopt)
                .count("c", 18446744073709551615u)
                .integer("i", -3)
                .flag("f", true)
                .texts("l", {"x", "y"})
                .json("o", JsonObject().flag("g", false).str())
                .str(),
            R"({"t":"a\"b\n","n":0.25,"none":null,"c":18446744073709551615,"i":-3,"f":true,)"
            R"("l":["x","y"],"o":{"g":false}})");
}

TEST(JsonObject, TextThatIsNoUtf8IsReplaced) {
  EXPECT_EQ(JsonObject().text("t", "a\xff").str(), "{\"t\":\"a\xef\xbf\xbd\"}");
}

TEST(JsonObject, NumbersReadBackAsTheyWere) {
  EXPECT_EQ(json_number(1700000000.125), "1700000000.125");
  EXPECT_EQ(json_number(0), "0");
  EXPECT_EQ(json_number(1e300), "1e+300");
  EXPECT_EQ(json_number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(json_number(std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonObject, AListMayBeEmpty) {
  EXPECT_EQ(json_array(std::vector<int>{}, [](int i) { return std::to_string(i); }), "[]");
  EXPECT_EQ(json_array(std::vector<int>{1, 2}, [](int i) { return std::to_string(i); }), "[1,2]");
}

}  // namespace
}  // namespace promster
