#include "web/exposition.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "web/promtool_for_test.h"

namespace promster {
namespace {

std::string rendered(const MetricFamily& family) {
  return render_exposition({&family, 1});
}

std::string with_label(const std::string& value) {
  return rendered({"x_total", "An x.", MetricType::kCounter, {{.labels = {{"l", value}}}}});
}

TEST(Exposition, CountersAndGauges) {
  EXPECT_EQ(rendered({"x_total", "An x.", MetricType::kCounter, {{.labels = {}, .value = 3}}}),
            "# HELP x_total An x.\n# TYPE x_total counter\nx_total 3\n");
  EXPECT_EQ(
      rendered(
          {"y", "A y.", MetricType::kGauge, {{.labels = {{"b", "2"}, {"a", "1"}}, .value = 0.5}}}),
      "# HELP y A y.\n# TYPE y gauge\ny{a=\"1\",b=\"2\"} 0.5\n");
}

TEST(Exposition, FamiliesWithoutSamplesAreLeftOut) {
  EXPECT_EQ(rendered({"x", "An x.", MetricType::kGauge, {}}), "");
}

TEST(Exposition, HistogramsAreCumulative) {
  Histogram histogram{.bounds = {1, 2}, .counts = {0, 0, 0}};
  for (const double value : {0.5, 1.0, 1.5, 7.0}) histogram.observe(value);
  EXPECT_EQ(rendered({"h_seconds",
                      "An h.",
                      MetricType::kHistogram,
                      {{.labels = {{"l", "v"}}, .histogram = histogram}}}),
            "# HELP h_seconds An h.\n# TYPE h_seconds histogram\n"
            "h_seconds_count{l=\"v\"} 4\nh_seconds_sum{l=\"v\"} 10\n"
            "h_seconds_bucket{l=\"v\",le=\"1\"} 2\n"
            "h_seconds_bucket{l=\"v\",le=\"2\"} 3\n"
            "h_seconds_bucket{l=\"v\",le=\"+Inf\"} 4\n");
}

TEST(Exposition, LargeNumbersAreExact) {
  const std::uint64_t most = (std::uint64_t{1} << 52) - 1;
  const std::string text =
      rendered({"x", "An x.", MetricType::kGauge, {{.labels = {}, .value = double(most)}}});
  EXPECT_NE(text.find("x 4503599627370495\n"), text.npos) << text;
}

TEST(Exposition, HostileLabelValues) {
  for (const std::string& value :
       {std::string("a\"} 1\ny 2\n"), std::string("\\"), std::string("\\n"), std::string("\n"),
        std::string("\r"), std::string("a\0b", 3), std::string("\xff\xfe"),
        std::string("\xed\xa0\x80"), std::string("{}=,#"), std::string("\xe2\x80\xa8"),
        std::string(100'000, 'x')}) {
    const std::string text = with_label(value);
    EXPECT_EQ(promtool_findings(text), "") << text.substr(0, 200);
    EXPECT_EQ(std::ranges::count(text, '\n'), 3) << text.substr(0, 200);
  }
}

// Undoes the three escapes of the format, which are all that may stand in a value.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\';
    if (escape) ++i;
    out += escape && text[i] == 'n' ? '\n' : text[i];
  }
  return out;
}

RC_GTEST_PROP(Exposition, LabelValuesComeBack, ()) {
  const auto value = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  const std::string text = with_label(value);
  const std::size_t start = text.find("{l=\"") + 4;
  const std::size_t end = text.rfind("\"} 0\n");
  RC_ASSERT(unescaped(text.substr(start, end - start)) == value);
}

}  // namespace
}  // namespace promster
