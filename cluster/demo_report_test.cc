#include "cluster/demo_report.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promster {
namespace {

using Texts = std::vector<std::string>;

DemoView right() {
  const std::vector<std::string> targets{"t1", "t2"};
  const LevelView level1{
      .name = "level1",
      .targets = targets,
      .nodes = {{"level1-1", "http://127.0.0.1:1", "http://127.0.0.1:2", {"t1"}},
                {"level1-2", "http://127.0.0.1:3", "http://127.0.0.1:4", {"t2"}}}};
  const LevelView level2{.name = "level2",
                         .targets = {"127.0.0.1:1", "127.0.0.1:3"},
                         .sharded = false,
                         .nodes = {{"level2-1",
                                    "http://127.0.0.1:5",
                                    "http://127.0.0.1:6",
                                    {"127.0.0.1:1", "127.0.0.1:3"}}}};
  return {.levels = {level1, level2}, .totals = {99.5}, .truth = 100};
}

TEST(DemoReport, FindsNothingWhereAllIsRight) {
  EXPECT_EQ(faults(right()), Texts{});
}

TEST(DemoReport, FindsATargetWithoutOwner) {
  DemoView view = right();
  view.levels[0].nodes[0].targets.clear();
  EXPECT_EQ(faults(view), Texts{"level1: t1 is scraped by 0 nodes instead of 1"});
}

TEST(DemoReport, FindsANodeAboveItsCapacity) {
  DemoView view = right();
  view.levels[0].targets = {"t1", "t2", "t3", "t4"};
  view.levels[0].nodes[0].targets = {"t1", "t2", "t3", "t4"};
  view.levels[0].nodes[1].targets = {};
  EXPECT_EQ(faults(view), Texts{"level1: level1-1 scrapes 4 targets, above its capacity of 3"});
}

TEST(DemoReport, FindsATotalThatIsOffOrMissing) {
  DemoView view = right();
  view.totals = {101.1, std::nullopt};
  EXPECT_EQ(faults(view), (Texts{"the total at the top is 101.1 requests/s instead of 100.0",
                                 "there is no total at the top yet"}));
}

TEST(DemoReport, FindsATotalThatIsNoNumber) {
  DemoView view = right();
  view.totals = {std::nan("")};
  EXPECT_EQ(faults(view).size(), 1u);
}

TEST(DemoReport, FindsALevelWithoutShardingThatMissesATarget) {
  DemoView view = right();
  view.levels[1].nodes[0].targets.pop_back();
  EXPECT_EQ(faults(view), Texts{"level2: 127.0.0.1:3 is scraped by 0 nodes instead of 1"});
}

TEST(DemoReport, WithoutShardingEachNodeIsToScrapeAll) {
  DemoView view = right();
  view.levels[1].nodes.push_back(view.levels[1].nodes.front());
  view.levels[1].nodes.back().name = "level2-2";
  EXPECT_EQ(faults(view), Texts{});
}

TEST(DemoReport, ShowsEveryNodeAndTheTotal) {
  EXPECT_EQ(render_table(right()),
            "  node        Prometheus              promster                targets\n"
            "level1: 2 nodes, 2 targets, at most 2 a node\n"
            "  level1-1    http://127.0.0.1:1  http://127.0.0.1:2     1  #\n"
            "  level1-2    http://127.0.0.1:3  http://127.0.0.1:4     1  #\n"
            "level2: 1 node, 2 Prometheus servers, all on each node\n"
            "  level2-1    http://127.0.0.1:5  http://127.0.0.1:6     2  ##\n"
            "total at the top: 99.5 requests/s, truth: 100.0, off by 0.50 %\n");
}

TEST(DemoReport, SpeaksOfNumbersAsPeopleDo) {
  EXPECT_EQ(plural(1, "node"), "1 node");
  EXPECT_EQ(plural(2, "node"), "2 nodes");
  EXPECT_EQ(seconds_text(Duration(12'159)), "12.2 s");
  EXPECT_EQ(seconds_text(Duration(0)), "0.0 s");
}

}  // namespace
}  // namespace promster
