#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "cluster/census.h"

namespace promster {

// What a demo looks like at one moment. Plain data.
struct ReportedNode {
  std::string name;
  std::string prometheus_url;
  std::string web_url;
  std::vector<std::string> targets;
};
struct LevelView {
  std::string name;
  std::vector<std::string> targets;  // what it is to scrape
  bool sharded = true;               // else each of its nodes scrapes all of them
  std::vector<ReportedNode> nodes;
};
struct DemoView {
  std::vector<LevelView> levels;
  std::vector<std::optional<double>> totals;  // requests per second, by each node at the top
  double truth = 0;                           // requests per second that the targets count
};

// What is wrong, in sentences: a census of each level, and each total at the top that is missing or
// more than 1 % off. Empty: all is right. Pure, any thread.
std::vector<std::string> faults(const DemoView& view);

// The table of nodes and their targets, and the totals against the truth.
std::string render_table(const DemoView& view);

// "1 node", "2 nodes".
std::string plural(std::size_t count, const std::string& noun);

// "12.2 s".
std::string seconds_text(Duration duration);

}  // namespace promster
