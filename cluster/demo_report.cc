#include "cluster/demo_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace promster {
namespace {

constexpr double kTolerance = 0.01;

template <class... Values>
std::string format(const char* form, Values... values) {
  std::array<char, 512> line;
  std::snprintf(line.data(), line.size(), form, values...);
  return line.data();
}

double off(double total, double truth) {
  return std::abs(total - truth) / truth;
}

std::size_t capacity(const LevelView& level) {
  if (!level.sharded || level.nodes.empty()) return level.targets.size();
  return census_capacity(level.targets.size(), level.nodes.size());
}

std::string render_level(const LevelView& level, const std::string& what) {
  std::string text = level.name + ": " + plural(level.nodes.size(), "node") + ", " +
                     plural(level.targets.size(), what);
  text += level.sharded ? ", at most " + std::to_string(capacity(level)) + " a node\n"
                        : ", all on each node\n";
  for (const ReportedNode& node : level.nodes) {
    const std::string bar(std::min<std::size_t>(node.targets.size(), 40), '#');
    text += format("  %-10s  %s  %s  %4zu  %s\n", node.name.c_str(), node.prometheus_url.c_str(),
                   node.web_url.c_str(), node.targets.size(), bar.c_str());
  }
  return text;
}

}  // namespace

std::string plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string seconds_text(Duration duration) {
  const auto tenths = (duration.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::vector<std::string> faults(const DemoView& view) {
  std::vector<std::string> wrong;
  for (const LevelView& level : view.levels) {
    ScrapedBy scraped;
    for (const ReportedNode& node : level.nodes) scraped[node.name] = node.targets;
    const CensusRules rules{.owners = level.sharded ? 1u : 0u, .capacity = capacity(level)};
    for (const std::string& fault : census(level.targets, scraped, rules)) {
      wrong.push_back(level.name + ": " + fault);
    }
  }
  for (const auto& total : view.totals) {
    if (!total) {
      wrong.emplace_back("there is no total at the top yet");
    } else if (!(off(*total, view.truth) <= kTolerance)) {  // so that NaN is wrong as well
      wrong.push_back(
          format("the total at the top is %.1f requests/s instead of %.1f", *total, view.truth));
    }
  }
  return wrong;
}

std::string render_table(const DemoView& view) {
  std::string text =
      format("  %-10s  %-22s  %-22s  %s\n", "node", "Prometheus", "promster", "targets");
  for (std::size_t i = 0; i < view.levels.size(); ++i) {
    text += render_level(view.levels[i], i == 0 ? "target" : "Prometheus server");
  }
  for (const auto& total : view.totals) {
    text += total ? format("total at the top: %.1f requests/s, truth: %.1f, off by %.2f %%\n",
                           *total, view.truth, 100 * off(*total, view.truth))
                  : format("total at the top: none yet, truth: %.1f requests/s\n", view.truth);
  }
  return text;
}

}  // namespace promster
