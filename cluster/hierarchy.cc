#include "cluster/hierarchy.h"

#include <chrono>
#include <csignal>
#include <utility>

#include "prom/prometheus_api.h"

namespace promster {
namespace {

using std::chrono::seconds;

// For one that is asked to end: it hands its share over first.
constexpr Duration kMostForFarewell = seconds(180);

// Asks all of them to end, once, and waits for each: a second signal would cut the farewell short.
void stop_nodes(std::vector<Node>& nodes, std::size_t from) {
  for (std::size_t i = from; i < nodes.size(); ++i) nodes[i].process().signal(SIGTERM);
  for (std::size_t i = from; i < nodes.size(); ++i) {
    if (!nodes[i].process().wait(kMostForFarewell)) nodes[i].process().kill();
  }
}

PrometheusApi::Options quick(const std::string& url) {
  return {.url = url, .deadline = seconds(3)};
}

}  // namespace

Result<void> Hierarchy::start_node(Level& level) {
  auto node = Node::start({.binary = options_.binary,
                           .name = level.options.name + "-" + std::to_string(++level.started),
                           .dir = options_.dir,
                           .environment = level.options.environment,
                           .first_port = level.options.first_port});
  if (!node) return node.error();
  level.nodes.push_back(std::move(*node));
  return {};
}

Result<void> Hierarchy::add_level(const LevelOptions& options) {
  levels_.push_back({.options = options, .nodes = {}});
  return scale(levels_.size() - 1, options.nodes);
}

Result<void> Hierarchy::scale(std::size_t level, int nodes) {
  Level& changed = levels_[level];
  const auto wanted = static_cast<std::size_t>(nodes);
  while (changed.nodes.size() < wanted) {
    if (auto started = start_node(changed); !started) return started;
  }
  stop_nodes(changed.nodes, wanted);
  changed.nodes.erase(changed.nodes.begin() + nodes, changed.nodes.end());
  return {};
}

Result<void> Hierarchy::wait_until_ready(Duration most) {
  for (Level& level : levels_) {
    for (Node& node : level.nodes) {
      if (auto ready = node.wait_until_ready(most); !ready) return ready;
    }
  }
  return {};
}

Result<ScrapedBy> Hierarchy::scraped(std::size_t level) {
  ScrapedBy scraped;
  for (const Node& node : levels_[level].nodes) {
    auto targets = level_targets(node.prometheus_url());
    if (!targets) return targets.error().within(node.name());
    scraped[node.name()] = std::move(*targets);
  }
  return scraped;
}

std::vector<std::string> Hierarchy::addresses(std::size_t level) const {
  std::vector<std::string> addresses;
  for (const Node& node : levels_[level].nodes) addresses.push_back(node.address());
  return addresses;
}

Result<void> Hierarchy::check_running() {
  for (Level& level : levels_) {
    for (Node& node : level.nodes) {
      if (!node.process().running()) {
        return Error{node.name() + " has ended"};
      }
    }
  }
  return {};
}

std::vector<std::string> Hierarchy::remove_ended() {
  std::vector<std::string> names;
  for (Level& level : levels_) {
    std::erase_if(level.nodes, [&](Node& node) {
      if (node.process().running()) return false;
      names.push_back(node.name());
      return true;
    });
  }
  return names;
}

std::string Hierarchy::log_tails(int lines) const {
  std::string text;
  for (const Level& level : levels_) {
    for (const Node& node : level.nodes) {
      text += node.name() + ":\n" + log_tail(node.log_path(), lines);
    }
  }
  return text;
}

void Hierarchy::stop_all() {
  for (Level& level : levels_) {
    for (Node& node : level.nodes) node.process().signal(SIGTERM);
  }
  const auto patience = std::chrono::steady_clock::now() + seconds(1);
  for (Level& level : levels_) {
    for (Node& node : level.nodes) {
      const auto left = patience - std::chrono::steady_clock::now();
      node.process().wait(std::max(Duration(0), std::chrono::duration_cast<Duration>(left)));
      node.process().stop(seconds(5));
    }
    level.nodes.clear();
  }
}

Result<std::vector<std::string>> level_targets(const std::string& prometheus_url) {
  auto active = PrometheusApi(quick(prometheus_url)).active_targets();
  if (!active) return Error{active.error().message};
  std::vector<std::string> addresses;
  for (const ActiveTarget& target : *active) {
    if (target.job.starts_with('/')) addresses.push_back(target.discovered);
  }
  return addresses;
}

Result<double> query_value(const std::string& prometheus_url, const std::string& expr) {
  const auto samples = PrometheusApi(quick(prometheus_url)).query(expr);
  if (!samples) return Error{samples.error().message};
  if (samples->size() == 1) return samples->front().value;
  return Error{"query " + expr + ": " + std::to_string(samples->size()) + " samples instead of 1"};
}

}  // namespace promster
