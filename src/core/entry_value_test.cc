#include "core/entry_value.h"

#include <gtest/gtest.h>

#include <string>

namespace promster {
namespace {

TEST(TargetValueTest, SaysEverythingATargetCanHave) {
  const auto value = read_target_value(R"({
      "address": "[2001:db8::7]:9100", "scheme": "https", "metrics_path": "/probe",
      "params": {"module": "http_2xx", "target": ["example.com"]},
      "labels": {"env": "prod", "prsn": "blackbox"}, "scrape_interval": "90s", "weight": 3})");
  ASSERT_TRUE(value.ok()) << value.error().reason;
  EXPECT_EQ(value->address, "[2001:db8::7]:9100");
  EXPECT_EQ(value->labels, (Labels{{"__scheme__", "https"},
                                   {"__metrics_path__", "/probe"},
                                   {"__param_module", "http_2xx"},
                                   {"__param_target", "example.com"},
                                   {"__scrape_interval__", "1m30s"},
                                   {"env", "prod"},
                                   {"prsn", "blackbox"}}));
}

class SilentValueTest : public testing::TestWithParam<const char*> {};

TEST_P(SilentValueTest, SaysNothing) {
  const auto value = read_target_value(GetParam());
  ASSERT_TRUE(value.ok()) << value.error().reason;
  EXPECT_EQ(value->address, "");
  EXPECT_TRUE(value->labels.empty());
}

INSTANTIATE_TEST_SUITE_P(All, SilentValueTest,
                         testing::Values("", "{}", " { } ", "null", "17", "\"10.0.0.1:80\"", "[]",
                                         "[{\"scheme\":1}]", "not JSON",
                                         "{\"scheme\":", "{\"scheme\":\"htt\xff\"}",
                                         R"({"name":"x","Address":"y","info":"z"})",
                                         R"({"weight":"heavy"})",
                                         R"({"promster":{"state":"active"},"address":7})"));

TEST(TargetValueTest, DeepNestingIsReadWithoutRecursion) {
  EXPECT_TRUE(read_target_value(std::string(64 << 10, '[')).ok());
  const std::string nested = std::string(30'000, '[') + std::string(30'000, ']');
  EXPECT_TRUE(read_target_value("{\"x\":" + nested + "}").ok());
}

struct Bad {
  const char* value;
  const char* code;
  const char* reason;  // part of it
};

class BadValueTest : public testing::TestWithParam<Bad> {};

TEST_P(BadValueTest, NamesTheField) {
  const auto value = read_target_value(GetParam().value);
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().code, GetParam().code);
  EXPECT_NE(value.error().reason.find(GetParam().reason), std::string::npos)
      << value.error().reason;
}

INSTANTIATE_TEST_SUITE_P(Address, BadValueTest,
                         testing::Values(Bad{R"({"address":7})", "value", "\"address\""},
                                         Bad{R"({"address":"http://a:1"})", "address",
                                             "has a scheme"},
                                         Bad{R"({"address":""})", "address", "is no address"}));

INSTANTIATE_TEST_SUITE_P(
    Scheme, BadValueTest,
    testing::Values(Bad{R"({"scheme":"ftp"})", "value", "neither http nor https"},
                    Bad{R"({"scheme":""})", "value", "neither http nor https"},
                    Bad{R"({"scheme":null})", "value", "neither http nor https"},
                    Bad{R"({"scheme":["http"]})", "value", "neither http nor https"}));

INSTANTIATE_TEST_SUITE_P(
    Path, BadValueTest,
    testing::Values(Bad{R"({"metrics_path":1})", "value", "\"metrics_path\""},
                    Bad{R"({"metrics_path":"metrics"})", "value", "does not start with /"},
                    Bad{R"({"metrics_path":"/a?b=c"})", "value", "write it as params"},
                    Bad{R"({"metrics_path":"/a\n"})", "value", "control character"}));

INSTANTIATE_TEST_SUITE_P(
    Params, BadValueTest,
    testing::Values(Bad{R"({"params":[]})", "value", "\"params\" in the value is no object"},
                    Bad{R"({"params":{"a":["x","y"]}})", "value", "exactly one value"},
                    Bad{R"({"params":{"a":[]}})", "value", "exactly one value"},
                    Bad{R"({"params":{"a":1}})", "value", "\"params.a\" in the value is no string"},
                    Bad{R"({"params":{"":"x"}})", "value", "cannot be set for one target"},
                    Bad{R"({"params":{"match[]":"x"}})", "value", "cannot be set for one target"},
                    Bad{R"({"params":{"a\n":"x"}})", "value", "a\\x0a"}));

INSTANTIATE_TEST_SUITE_P(
    Interval, BadValueTest,
    testing::Values(Bad{R"({"scrape_interval":"1ms"})", "value", "shorter than 1s"},
                    Bad{R"({"scrape_interval":"999ms"})", "value", "shorter than 1s"},
                    Bad{R"({"scrape_interval":"0"})", "value", "shorter than 1s"},
                    Bad{R"({"scrape_interval":"0s"})", "value", "shorter than 1s"},
                    Bad{R"({"scrape_interval":"-5s"})", "value", "is no duration"},
                    Bad{R"({"scrape_interval":"5"})", "value", "is no duration"},
                    Bad{R"({"scrape_interval":5})", "value", "is no string"}));

INSTANTIATE_TEST_SUITE_P(
    Labels, BadValueTest,
    testing::Values(
        Bad{R"({"labels":"env=prod"})", "value", "\"labels\""},
        Bad{R"({"labels":{"a":1}})", "value", "\"labels.a\" in the value is no string"},
        Bad{R"({"labels":{"a-b":"x"}})", "label", "a-b"},
        Bad{R"({"labels":{"":"x"}})", "label", ""},
        Bad{R"({"labels":{"a":"x\u0000"}})", "label", "a"},
        Bad{R"({"labels":{"job":"x"}})", "label", "job"},
        Bad{R"({"labels":{"instance":"x"}})", "label", "instance"},
        Bad{R"({"labels":{"__address__":"x"}})", "label", "__address__"},
        Bad{R"({"labels":{"__scheme__":"x"}})", "label", "__scheme__"},
        Bad{R"({"labels":{"__metrics_path__":"/"}})", "label", "__metrics_path__"},
        Bad{R"({"labels":{"__param_x":"x"}})", "label", "__param_x"},
        Bad{R"({"labels":{"__name__":"x"}})", "label", "__name__"},
        Bad{R"({"labels":{"__scrape_interval__":"1ms"}})", "label", "__scrape_interval__"},
        Bad{R"({"labels":{"__scrape_timeout__":"1ms"}})", "label", "__scrape_timeout__"}));

TEST(TargetValueTest, NumberOfLabelsIsLimited) {
  std::string labels = R"("l0":"x")";
  for (int i = 1; i < 30; ++i) labels += ",\"l" + std::to_string(i) + "\":\"x\"";
  EXPECT_TRUE(read_target_value("{\"labels\":{" + labels + "}}").ok());
  const auto value = read_target_value("{\"labels\":{" + labels + ",\"more\":\"x\"}}");
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().code, "label");
}

}  // namespace
}  // namespace promster
