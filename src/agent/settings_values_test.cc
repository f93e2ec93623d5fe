#include "agent/settings_values.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace promster {
namespace {

using Strings = std::vector<std::string>;

template <class T>
std::string error_of(const Result<T>& result) {
  return result.ok() ? "" : result.error().message;
}

TEST(ReadBool, TakesGosWordsOnly) {
  for (const char* word : {"1", "t", "T", "true", "True", "TRUE"}) EXPECT_TRUE(*read_bool(word));
  for (const char* word : {"0", "f", "F", "false", "False", "FALSE"})
    EXPECT_FALSE(*read_bool(word));
  for (const char* word : {"", "yes", "on", "tRUE", "2", " true"})
    EXPECT_FALSE(read_bool(word).ok());
  EXPECT_EQ(error_of(read_bool("maybe")), "\"maybe\" is neither true nor false; try: true");
}

TEST(ReadDuration, WantsAUnitAndMoreThanZero) {
  EXPECT_EQ(read_duration("1m30s")->count(), 90'000);
  EXPECT_EQ(error_of(read_duration("5")), "\"5\" is a duration without a unit; try: 5s");
  EXPECT_EQ(error_of(read_duration("0s")), "\"0s\" is too short; it must be above zero; try: 30s");
  EXPECT_NE(error_of(read_duration("-5s")), "");
  EXPECT_NE(error_of(read_duration("5 s")), "");
}

TEST(ReadTtl, TakesABareNumberAsSeconds) {
  EXPECT_EQ(read_ttl("5")->count(), 5'000);
  EXPECT_EQ(read_ttl("1m")->count(), 60'000);
  EXPECT_FALSE(read_ttl("2500ms").ok());
  EXPECT_FALSE(read_ttl("-1").ok());
  EXPECT_FALSE(read_ttl("0").ok());
}

TEST(ReadAutoDuration, IsNoValueOrADurationWithZero) {
  EXPECT_EQ(*read_auto_duration("auto"), std::nullopt);
  EXPECT_EQ(*read_auto_duration("0"), Duration(0));
  EXPECT_EQ(*read_auto_duration("20s"), Duration(20'000));
  EXPECT_FALSE(read_auto_duration("soon"));
  EXPECT_EQ(*read_endless_duration("inf"), std::nullopt);
  EXPECT_EQ(*read_endless_duration("15m"), std::chrono::minutes(15));
  EXPECT_FALSE(read_endless_duration("auto"));
}

TEST(ReadNumber, KeepsToItsRange) {
  EXPECT_EQ(*read_number("3", 1, 5), 3);
  for (const char* text : {"0", "6", "", "1.5", "1x", "99999999999999999999"}) {
    EXPECT_FALSE(read_number(text, 1, 5).ok()) << text;
  }
}

TEST(ReadRatio, IsFiniteAndNotNegative) {
  EXPECT_DOUBLE_EQ(*read_ratio("0.25"), 0.25);
  EXPECT_DOUBLE_EQ(*read_ratio("0"), 0);
  for (const char* text : {"-0.1", "inf", "nan", "", "10%"}) {
    EXPECT_FALSE(read_ratio(text).ok()) << text;
  }
}

TEST(ReadItems, TrimsAndKeepsEmptyOnes) {
  EXPECT_EQ(read_items(" /a , /b,,/c "), (Strings{"/a", "/b", "", "/c"}));
}

TEST(ReadEndpoints, AcceptsWhatTheOriginalsUsersWrite) {
  EXPECT_EQ(*read_endpoints("http://a:2379"), (Strings{"http://a:2379"}));
  EXPECT_EQ(*read_endpoints("localhost:2379"), (Strings{"http://localhost:2379"}));
  EXPECT_EQ(*read_endpoints(" etcd_0:2379 , https://[::1]:2379/ ,"),
            (Strings{"http://etcd_0:2379", "https://[::1]:2379"}));
  EXPECT_EQ(*read_endpoints("a:1,http://a:1"), (Strings{"http://a:1"}));
}

TEST(ReadEndpoints, NamesTheMend) {
  EXPECT_EQ(error_of(read_endpoints("http://etcd0")),
            "\"http://etcd0\" is an etcd endpoint without a port; try: http://etcd0:2379");
  for (const char* text : {",", "ftp://a:1", "http://a:1/x", "http://a:99999", "a b:1"}) {
    EXPECT_FALSE(read_endpoints(text).ok()) << text;
  }
}

TEST(ReadEndpoints, NeverRepeatsAPassword) {
  const std::string error = error_of(read_endpoints("http://root:hunter2@etcd:2379"));
  EXPECT_EQ(error.find("hunter2"), std::string::npos);
  EXPECT_NE(error.find("--etcd.password-file"), std::string::npos);
  EXPECT_EQ(error_of(read_url("http://root:hunter2@p:1")).find("hunter2"), std::string::npos);
}

TEST(ReadAddress, NeedsAPort) {
  EXPECT_TRUE(read_address("10.0.0.1:9090").ok());
  EXPECT_TRUE(read_address("[fe80::1]:9090").ok());
  for (const char* text : {"10.0.0.1", ":9090", "http://a:1", "a:0", "fe80::1:9090"}) {
    EXPECT_FALSE(read_address(text).ok()) << text;
  }
}

TEST(ReadListenAddress, AllowsEveryAddressAndAnyPort) {
  for (const char* text : {":9096", "127.0.0.1:9096", "[::]:9096", "127.0.0.1:0", ":0"}) {
    EXPECT_TRUE(read_listen_address(text).ok()) << text;
  }
  for (const char* text : {"9096", "127.0.0.1", "", ":", ":99999"}) {
    EXPECT_FALSE(read_listen_address(text).ok()) << text;
  }
}

TEST(ReadUrl, LosesItsLastSlash) {
  EXPECT_EQ(*read_url("http://127.0.0.1:9090/"), "http://127.0.0.1:9090");
  EXPECT_EQ(*read_url("https://p/prom"), "https://p/prom");
  EXPECT_FALSE(read_url("127.0.0.1:9090").ok());
}

TEST(ReadCidrs, ChecksAddressAndLength) {
  EXPECT_EQ(*read_cidrs("10.0.0.0/8, fe80::/10,,::1"), (Strings{"10.0.0.0/8", "fe80::/10", "::1"}));
  for (const char* text : {"10.0.0.0/33", "::/129", "x/8", "10.0.0/8", "1.2.3.4/-1"}) {
    EXPECT_FALSE(read_cidrs(text).ok()) << text;
  }
}

TEST(ReadLine, RefusesControlCharacters) {
  EXPECT_TRUE(read_line("/webservers/générateur").ok());
  EXPECT_FALSE(read_line("a\nb").ok());
  EXPECT_FALSE(read_line("\xff").ok());
}

TEST(ReadWords, KeepsQuotedSpaces) {
  EXPECT_EQ(*read_words("--a=1  --b='x y' \"\" c\"d e\"f"),
            (Strings{"--a=1", "--b=x y", "", "cd ef"}));
  EXPECT_FALSE(read_words("--a='x").ok());
}

RC_GTEST_PROP(ReadWords, ReadsBackWhatJoinWordsWrote, (Strings words)) {
  for (std::string& word : words) {
    // A word with both kinds of quotes has no form; words come from a YAML list or from read_words.
    std::erase(word, '\'');
  }
  RC_ASSERT(*read_words(join_words(words)) == words);
}

}  // namespace
}  // namespace promster
