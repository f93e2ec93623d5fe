#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/keyspace.h"
#include "core/member.h"

// Clusters that are stacked: the nodes of one scrape the nodes of another (recording rules and
// federation). Found by the prefix from which each node says that it takes its targets.
namespace promster {

// One cluster of nodes: those of one service below the registry's base.
struct Level {
  std::string service;
  std::vector<Member> members;       // by name
  std::vector<std::string> scrapes;  // prefixes that its nodes name, each once; original promsters
                                     // name none
  int depth = 0;                   // 1: scrapes no other level; else one more than what it scrapes
  std::vector<std::string> feeds;  // services that scrape this one
};

// What is scraped but is no level: the targets below a prefix.
struct TargetPrefix {
  std::string prefix;
  std::optional<std::size_t> targets;  // keys below it; unknown where etcd was not asked or failed
  std::vector<std::string> feeds;      // services that scrape it
};

struct Levels {
  std::int64_t revision = 0;
  std::vector<TargetPrefix> sources;  // by prefix
  std::vector<Level> levels;          // by depth, then name
  std::vector<std::string> loops;     // "a scrapes b, which scrapes a"; empty in every sane fleet
};

// The keys below `base` ("/registry"), whatever their services. Keys that are no member's are left
// out. Pure, any thread.
Levels find_levels(std::string_view base, const Listing& below_base);

}  // namespace promster
