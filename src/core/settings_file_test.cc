#include "core/settings_file.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Strings = std::vector<std::string>;

TEST(ParseSettingsFile, NamesMayBeNestedOrDotted) {
  const SettingsFile file =
      parse_settings_file("scrape:\n  interval: 5s\nscrape.timeout: 3s\na.b: {c: 1}\n");
  EXPECT_EQ(file.errors, Strings{});
  EXPECT_EQ(file.values.at("scrape.interval").items, (Strings{"5s"}));
  EXPECT_EQ(file.values.at("scrape.timeout").items, (Strings{"3s"}));
  EXPECT_EQ(file.values.at("a.b.c").items, (Strings{"1"}));
}

TEST(ParseSettingsFile, KeepsTheTextOfAValue) {
  const SettingsFile file = parse_settings_file("a: yes\nb: 1e3\nc: '007'\nd: true\n");
  EXPECT_EQ(file.values.at("a").items[0], "yes");
  EXPECT_EQ(file.values.at("b").items[0], "1e3");
  EXPECT_EQ(file.values.at("c").items[0], "007");
  EXPECT_EQ(file.values.at("d").items[0], "true");
}

TEST(ParseSettingsFile, ReadsLists) {
  const SettingsFile file = parse_settings_file("a: [x, 'y z']\nb: []\n");
  EXPECT_EQ(file.values.at("a").items, (Strings{"x", "y z"}));
  EXPECT_TRUE(file.values.at("a").list);
  EXPECT_FALSE(file.values.contains("b"));
}

TEST(ParseSettingsFile, AnEmptyValueIsNotGiven) {
  const SettingsFile file = parse_settings_file("a:\nb: ''\nc: ~\n");
  EXPECT_TRUE(file.values.empty());
  EXPECT_EQ(file.errors, Strings{});
  EXPECT_EQ(parse_settings_file("").errors, Strings{});
  EXPECT_EQ(parse_settings_file("# nothing yet\n").errors, Strings{});
}

TEST(ParseSettingsFile, SaysWhatIsWrong) {
  const auto first_error = [](const char* text) {
    const SettingsFile file = parse_settings_file(text);
    return file.errors.empty() ? "" : file.errors[0];
  };
  EXPECT_EQ(first_error("a.b: 1\na: {b: 2}\n"), "a.b is said twice; try: keep one");
  EXPECT_EQ(first_error("a: [[x]]\n"), "a is neither a text nor a list of texts");
  EXPECT_EQ(first_error("just text\n"), "holds no settings by name; try: scrape.interval: 5s");
  EXPECT_EQ(first_error("[a]: b\n"), "a name of a setting is no text; try: scrape.interval: 5s");
  EXPECT_TRUE(std::string(first_error("a: [x\n")).starts_with("is no YAML: "));
}

}  // namespace
}  // namespace promster
