#include "base/duration.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>

namespace promster {
namespace {

using namespace std::chrono_literals;

constexpr Duration kDay = 24h;

struct Pair {
  const char* text;
  Duration duration;
};

class DurationTest : public testing::TestWithParam<Pair> {};

TEST_P(DurationTest, ReadsAsPrometheusDoes) {
  const auto duration = parse_duration(GetParam().text);
  ASSERT_TRUE(duration.ok()) << duration.error().message;
  EXPECT_EQ(*duration, GetParam().duration);
}

INSTANTIATE_TEST_SUITE_P(
    All, DurationTest,
    testing::Values(Pair{"0", 0ms}, Pair{"0s", 0ms}, Pair{"5s", 5s}, Pair{"1m30s", 90s},
                    Pair{"90s", 90s}, Pair{"1h", 1h}, Pair{"250ms", 250ms}, Pair{"1d", kDay},
                    Pair{"1w", 7 * kDay}, Pair{"1y", 365 * kDay},
                    Pair{"1y2w3d4h5m6s7ms", (365 + 14 + 3) * kDay + 4h + 5min + 6s + 7ms},
                    Pair{"1h1ms", 1h + 1ms}, Pair{"007s", 7s}, Pair{"292y", 292 * 365 * kDay}));

class NoDurationTest : public testing::TestWithParam<const char*> {};

TEST_P(NoDurationTest, IsRefusedWithItsText) {
  const auto duration = parse_duration(GetParam());
  ASSERT_FALSE(duration.ok()) << duration->count();
  EXPECT_NE(duration.error().message.find("\"" + std::string(GetParam()) + "\""), std::string::npos)
      << duration.error().message;
}

INSTANTIATE_TEST_SUITE_P(All, NoDurationTest,
                         testing::Values("", " ", "5", "s", "-5s", "+5s", "5 s", " 5s", "5s ", "5S",
                                         "1.5s", "1s1m", "1s1s", "5sec", "1m30", "1us", "00",
                                         "1e3s", "293y", "99999999999999999999s",
                                         "9223372036854775807ms", "200y200y", "292y1ms"));

struct Form {
  Duration duration;
  const char* text;
};

class DurationFormTest : public testing::TestWithParam<Form> {};

TEST_P(DurationFormTest, IsTheOneThatPrometheusPrints) {
  EXPECT_EQ(format_duration(GetParam().duration), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(All, DurationFormTest,
                         testing::Values(Form{0ms, "0s"}, Form{1ms, "1ms"}, Form{1500ms, "1s500ms"},
                                         Form{90s, "1m30s"}, Form{1h, "1h"}, Form{kDay, "1d"},
                                         Form{7 * kDay, "1w"}, Form{8 * kDay, "8d"},
                                         Form{14 * kDay, "2w"}, Form{365 * kDay, "1y"},
                                         Form{366 * kDay, "366d"}, Form{730 * kDay, "2y"},
                                         Form{7 * kDay + 1ms, "7d1ms"}));

RC_GTEST_PROP(DurationPropertyTest, WhatIsPrintedReadsBack, ()) {
  // Whole seconds, minutes, ... as well, not only odd milliseconds.
  const auto unit = *rc::gen::element<std::int64_t>(1, 1'000, 60'000, 3'600'000, 86'400'000);
  const auto most = 292LL * 365 * 86'400'000 / unit;
  const Duration duration(unit * *rc::gen::inRange<std::int64_t>(0, most + 1));
  const auto read = parse_duration(format_duration(duration));
  RC_ASSERT(read.ok());
  RC_ASSERT(*read == duration);
}

RC_GTEST_PROP(DurationPropertyTest, AnyTextIsReadOrRefused, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0159smhdwy-. ")));
  const auto read = parse_duration(text);
  if (!read) return;
  RC_ASSERT(read->count() >= 0);
  RC_ASSERT(*parse_duration(format_duration(*read)) == *read);
}

}  // namespace
}  // namespace promster
