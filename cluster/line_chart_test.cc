#include "cluster/line_chart.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <limits>

namespace promster {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++times;
  }
  return times;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

ChartPanel panel(const std::string& title) {
  return {.title = title,
          .lines = {{.name = "truth",
                     .color = "#111111",
                     .dashed = true,
                     .points = {{.x = -10, .y = 1000}, {.x = 90, .y = 1000}}},
                    {.name = "answer",
                     .color = "#222222",
                     .points = {{.x = -10, .y = 1000}, {.x = 40, .y = 500}, {.x = 90, .y = 1400}}}},
          .notes = {"", "3.0 s lost"}};
}

LineChart chart() {
  return {.title = "a & b",
          .x_label = "seconds",
          .y_label = "requests per second",
          .mark_label = "event",
          .panels = {panel("one"), panel("two")}};
}

TEST(TickStep, IsRoundAndLeavesRoom) {
  EXPECT_DOUBLE_EQ(tick_step(100, 7), 20);
  EXPECT_DOUBLE_EQ(tick_step(100, 10), 10);
  EXPECT_DOUBLE_EQ(tick_step(1400, 5), 500);
  EXPECT_DOUBLE_EQ(tick_step(0.4, 5), 0.1);
}

RC_GTEST_PROP(TickStep, NeverNeedsMoreTicksThanFit, ()) {
  const double length = *rc::gen::inRange(1, 1'000'000) / 100.0;
  const int most = *rc::gen::inRange(1, 12);
  const double step = tick_step(length, most);
  RC_ASSERT(length / step <= most * 1.00001);
  RC_ASSERT(length / step > most / 2.51);  // not needlessly few
}

TEST(RenderSvg, HasAPanelForEachAndOneLegend) {
  const std::string svg = render_svg(chart());
  EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_EQ(count(svg, "<path "), 4u);
  EXPECT_EQ(count(svg, ">truth</text>"), 1u);
  EXPECT_EQ(count(svg, ">answer</text>"), 1u);
  for (const char* text : {">one<", ">two<", ">seconds<", ">requests per second<", ">a &amp; b<"}) {
    EXPECT_EQ(count(svg, text), 1u) << text;
  }
  EXPECT_EQ(count(svg, ">event<"), 2u);
  EXPECT_EQ(count(svg, "fill=\"#222222\" text-anchor=\"end\">3.0 s lost<"), 2u);
}

TEST(RenderSvg, TheFirstLineIsDrawnLastAboveTheOthers) {
  const std::string svg = render_svg(chart());
  EXPECT_LT(svg.find("fill=\"none\" stroke=\"#222222\""),
            svg.find("fill=\"none\" stroke=\"#111111\""));
}

TEST(RenderSvg, TheAxisStartsAtZeroAndHasRoomAboveTheHighest) {
  const std::string svg = render_svg(chart());
  for (const char* tick : {">0<", ">500<", ">1,000<", ">1,500<", ">20<", ">80<"}) {
    EXPECT_TRUE(has(svg, tick)) << tick;
  }
  EXPECT_FALSE(has(svg, ">2,000<"));
  EXPECT_FALSE(has(svg, ">-0<"));
}

TEST(RenderSvg, PutsPointsWhereTheTicksSay) {
  LineChart one = chart();
  one.panels = {{.title = "",
                 .lines = {{.name = "a",
                            .color = "#333333",
                            .points = {{.x = 0, .y = 0}, {.x = 100, .y = 1000}}}},
                 .notes = {}}};
  const std::string svg = render_svg(one);
  // From the lower left corner, at the tick of zero, to the tick of 1,000 at the right end.
  EXPECT_TRUE(has(svg, "d=\"M62.0 270.0L702.0 128.3\"")) << svg;
  EXPECT_TRUE(has(svg, "<line x1=\"62.0\" y1=\"270.0\" x2=\"702.0\" y2=\"270.0\"")) << svg;
  EXPECT_TRUE(has(svg, "<line x1=\"62.0\" y1=\"128.3\" x2=\"702.0\" y2=\"128.3\"")) << svg;
}

TEST(RenderSvg, ALineIsBrokenWhereThereIsNoAnswer) {
  LineChart broken = chart();
  broken.panels.resize(1);
  broken.panels[0].lines.resize(1);
  const double none = std::numeric_limits<double>::quiet_NaN();
  broken.panels[0].lines[0].points = {{.x = 0, .y = none}, {.x = 1, .y = 5},    {.x = 2, .y = 5},
                                      {.x = 3, .y = none}, {.x = 4, .y = none}, {.x = 5, .y = 5},
                                      {.x = 6, .y = 5}};
  const std::string svg = render_svg(broken);
  const std::string d = svg.substr(svg.find("d=\"") + 3);
  const std::string path = d.substr(0, d.find('"'));
  EXPECT_EQ(count(path, "M"), 2u) << path;
  EXPECT_EQ(count(path, "L"), 2u) << path;
  EXPECT_FALSE(has(svg, "nan"));
}

TEST(RenderSvg, NothingIsDrawnAsNothing) {
  EXPECT_TRUE(has(
      render_svg({.title = "empty", .x_label = "", .y_label = "", .mark_label = "", .panels = {}}),
      ">empty</text>"));
  LineChart flat = chart();
  for (ChartPanel& one : flat.panels) one.lines = {{.name = "a", .color = "#1", .points = {}}};
  EXPECT_FALSE(has(render_svg(flat), "nan"));
}

}  // namespace
}  // namespace promster
