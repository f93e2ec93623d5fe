#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace promster {

// The targets that each node's Prometheus scrapes, by the name of the node.
using ScrapedBy = std::map<std::string, std::vector<std::string>>;

struct CensusRules {
  std::size_t owners = 1;    // nodes that are to scrape each target; 0: every node
  std::size_t capacity = 0;  // targets that a node may have; 0: any number
};

// What is not as it should be, each in a sentence, sorted: a target that too few or too many nodes
// scrape ("127.0.0.1:20001 is scraped by 2 nodes (a, b) instead of 1"), a node above its capacity,
// something scraped that is no target. Empty: all is right. Pure, any thread.
std::vector<std::string> census(const std::vector<std::string>& targets,
                                const ScrapedBy& scraped_by, const CensusRules& rules);

// The most targets that bounded rendezvous gives to one node (design.md): ceil((1 + slack) *
// targets / nodes), at most all. REQUIRES: nodes > 0.
std::size_t census_capacity(std::size_t targets, std::size_t nodes, double slack = 0.1);

}  // namespace promster
