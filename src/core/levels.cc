#include "core/levels.h"

#include <algorithm>
#include <set>
#include <utility>

namespace promster {
namespace {

// Keys of the members of each service, and what they say.
struct Cluster {
  Level level;
  std::vector<std::string> keys;
};

// BASE/SERVICE/ADDRESS -> SERVICE; nothing where the key has other segments.
std::optional<std::string> service_of(std::string_view prefix, std::string_view key) {
  if (!key.starts_with(prefix)) return std::nullopt;
  key.remove_prefix(prefix.size());
  const std::size_t slash = key.find('/');
  if (slash == 0 || slash == key.npos) return std::nullopt;
  if (key.find('/', slash + 1) != key.npos) return std::nullopt;
  return std::string(key.substr(0, slash));
}

void add_once(std::vector<std::string>& to, const std::string& text) {
  const auto place = std::ranges::lower_bound(to, text);
  if (place == to.end() || *place != text) to.insert(place, text);
}

std::map<std::string, Cluster> clusters_below(std::string_view base, const Listing& listing) {
  const std::string prefix = member_prefix(base, "");
  std::map<std::string, Cluster> clusters;
  for (const KeyValue& entry : listing.entries) {
    const auto service = service_of(prefix, entry.key);
    if (!service) continue;
    auto parsed = parse_member(entry);
    auto* member = std::get_if<Member>(&parsed);
    if (member == nullptr) continue;
    Cluster& cluster = clusters[*service];
    cluster.level.service = *service;
    cluster.keys.push_back(entry.key);
    if (!member->scrapes.empty()) add_once(cluster.level.scrapes, member->scrapes);
    cluster.level.members.push_back(std::move(*member));
  }
  for (auto& [service, cluster] : clusters) {
    std::ranges::sort(cluster.level.members, {}, &Member::name);
  }
  return clusters;
}

// A prefix is raw, so it may name a level with or without the slash behind it, or several.
bool is_below(const Cluster& cluster, const std::string& prefix) {
  return std::ranges::any_of(cluster.keys,
                             [&](const std::string& key) { return key.starts_with(prefix); });
}

// Who scrapes whom: services by name, each with those whose nodes are below its prefixes.
using Edges = std::map<std::string, std::set<std::string>>;

Edges connect(std::map<std::string, Cluster>& clusters,
              std::map<std::string, TargetPrefix>& sources) {
  Edges edges;
  for (const auto& [service, cluster] : clusters) {
    for (const std::string& prefix : cluster.level.scrapes) {
      bool some = false;
      for (auto& [other, below] : clusters) {
        if (!is_below(below, prefix)) continue;
        some = true;
        edges[service].insert(other);
        add_once(below.level.feeds, service);
      }
      if (some) continue;
      sources[prefix].prefix = prefix;
      add_once(sources[prefix].feeds, service);
    }
  }
  return edges;
}

// Walks down from every level, and gives each its depth; a level that is met on the way to itself
// is a loop, and ends the way.
class DepthWalk {
 public:
  explicit DepthWalk(const Edges& edges) : edges_(edges) {}

  int depth(const std::string& service) {
    if (const auto known = depths_.find(service); known != depths_.end()) return known->second;
    path_.push_back(service);
    int below = 0;
    if (const auto scraped = edges_.find(service); scraped != edges_.end()) {
      for (const std::string& other : scraped->second) {
        below = std::max(below, on_path(other) ? 0 : depth(other));
      }
    }
    path_.pop_back();
    return depths_[service] = below + 1;
  }

  std::vector<std::string> loops() && { return std::move(loops_); }

 private:
  bool on_path(const std::string& service) {
    const auto start = std::ranges::find(path_, service);
    if (start == path_.end()) return false;
    std::string loop = *start;
    for (auto next = start + 1; next != path_.end(); ++next) {
      loop += (next == start + 1 ? " scrapes " : ", which scrapes ") + *next;
    }
    loops_.push_back(loop + (path_.end() - start == 1 ? " scrapes " : ", which scrapes ") +
                     service);
    return true;
  }

  const Edges& edges_;
  std::map<std::string, int> depths_;
  std::vector<std::string> path_;
  std::vector<std::string> loops_;
};

}  // namespace

Levels find_levels(std::string_view base, const Listing& below_base) {
  std::map<std::string, Cluster> clusters = clusters_below(base, below_base);
  std::map<std::string, TargetPrefix> sources;
  const Edges edges = connect(clusters, sources);
  DepthWalk walk(edges);
  Levels levels{.revision = below_base.revision};
  for (auto& [service, cluster] : clusters) {
    cluster.level.depth = walk.depth(service);
    levels.levels.push_back(std::move(cluster.level));
  }
  std::ranges::stable_sort(levels.levels, {}, &Level::depth);
  for (auto& [prefix, source] : sources) levels.sources.push_back(std::move(source));
  levels.loops = std::move(walk).loops();
  return levels;
}

}  // namespace promster
