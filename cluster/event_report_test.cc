#include "cluster/event_report.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promster {
namespace {

constexpr double kBegin = 1'700'000'000;

EventReport report() {
  EventReport made{.name = "up1",
                   .what = "level 1 from 1 to 5 nodes",
                   .begin = kBegin,
                   .samples = {{.time = kBegin - 1, .truth = 1000, .answer = 100},
                               {.time = kBegin, .truth = 1000, .answer = 1000.5},
                               {.time = kBegin + 1, .truth = 1000, .answer = std::nullopt},
                               {.time = kBegin + 2, .truth = 900, .answer = 450}},
                   .error = {},
                   .scrapes = {.targets = 20,
                               .gaps = 2,
                               .longest_gap = 12.34,
                               .both = 4,
                               .longest_both = 7,
                               .lost = 1,
                               .twice = 3}};
  made.error = total_error(since_begin(made));
  return made;
}

EventReport named(const std::string& name, const std::string& what) {
  EventReport other = report();
  other.name = name;
  other.what = what;
  return other;
}

TEST(EventReport, TheTimeBeforeTheEventDoesNotCount) {
  EXPECT_EQ(since_begin(report()).size(), 3u);
}

TEST(EventTable, SaysWhatWasSeen) {
  const std::string table = render_event_table({report()}, 5);
  EXPECT_NE(table.find("a gap > 10.5 s"), std::string::npos);
  EXPECT_NE(table.find("\n| level 1 from 1 to 5 nodes | 100.0 % | 2 s | 1.5 s | 2 (max 12.3 s) | "
                       "4 (max 7.0 s) | 1 | 3 |\n"),
            std::string::npos)
      << table;
}

TEST(EventCsv, IsReadAsItWasWritten) {
  const std::string csv = render_event_csv({report(), named("kill", "one is killed")});
  EXPECT_TRUE(
      csv.starts_with("time,event,what,since,truth,answer\n"
                      "1699999999.000,up1,level 1 from 1 to 5 nodes,-1.000,1000.000,"
                      "100.000\n"))
      << csv;
  EXPECT_NE(csv.find(",kill,one is killed,1.000,1000.000,\n"), std::string::npos) << csv;
  const auto read = parse_event_csv(csv);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[1].name, "kill");
  EXPECT_EQ((*read)[1].what, "one is killed");
  EXPECT_EQ((*read)[0].samples, report().samples);
  EXPECT_DOUBLE_EQ((*read)[0].begin, kBegin);
  EXPECT_DOUBLE_EQ((*read)[0].error.seconds_lost, report().error.seconds_lost);
}

TEST(EventCsv, RefusesWhatIsNone) {
  const std::string head = "time,event,what,since,truth,answer\n";
  EXPECT_TRUE(parse_event_csv(head));
  EXPECT_FALSE(parse_event_csv(""));
  EXPECT_FALSE(parse_event_csv("time,event\n1,a"));
  for (const char* row :
       {"1,a,b,0,5", "x,a,b,0,5,6", "1,a,b,x,5,6", "1,a,b,0,x,6", "1,a,b,0,5,x", "1,a,b,0,5,6,7"}) {
    const auto read = parse_event_csv(head + row);
    ASSERT_FALSE(read) << row;
    EXPECT_NE(read.error().message.find("line 2"), std::string::npos);
  }
}

TEST(EventChart, LaysTheRunsOverEachOther) {
  const LineChart chart = event_chart({{.name = "new", .reports = {report(), named("k", "kill")}},
                                       {.name = "old", .reports = {report()}}});
  ASSERT_EQ(chart.panels.size(), 2u);
  const ChartPanel& up = chart.panels[0];
  EXPECT_EQ(up.title, "level 1 from 1 to 5 nodes");
  ASSERT_EQ(up.lines.size(), 3u);
  EXPECT_EQ(up.lines[0].name, "truth");
  EXPECT_EQ(up.lines[1].name, "new");
  EXPECT_EQ(up.lines[2].name, "old");
  EXPECT_NE(up.lines[1].color, up.lines[2].color);
  EXPECT_EQ(up.notes.size(), up.lines.size());
  EXPECT_EQ(up.notes[1], "1.5 s of total lost");
  EXPECT_EQ(chart.panels[1].lines.size(), 2u);
}

TEST(EventChart, IsOverTheTimeSinceTheEvent) {
  const LineChart chart = event_chart({{.name = "new", .reports = {report()}}});
  const ChartLine& truth = chart.panels.at(0).lines.at(0);
  const ChartLine& answer = chart.panels.at(0).lines.at(1);
  EXPECT_DOUBLE_EQ(truth.points.front().x, -1);
  EXPECT_DOUBLE_EQ(truth.points.back().y, 900);
  EXPECT_DOUBLE_EQ(answer.points.front().y, 100);
  EXPECT_TRUE(std::isnan(answer.points[2].y));
}

}  // namespace
}  // namespace promster
