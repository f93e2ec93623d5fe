#include "cluster/census.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace promster {
namespace {

using Scrapers = std::map<std::string, std::multiset<std::string>>;

std::string joined(const std::multiset<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string nodes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " node" : " nodes");
}

void check_owners(const Scrapers& scrapers, std::size_t wanted, std::vector<std::string>& wrong) {
  for (const auto& [target, names] : scrapers) {
    if (names.size() == wanted) continue;
    const std::string who = names.empty() ? "" : " (" + joined(names) + ")";
    wrong.push_back(target + " is scraped by " + nodes(names.size()) + who + " instead of " +
                    std::to_string(wanted));
  }
}

void check_capacity(const ScrapedBy& scraped_by, std::size_t capacity,
                    std::vector<std::string>& wrong) {
  for (const auto& [node, theirs] : scraped_by) {
    if (capacity == 0 || theirs.size() <= capacity) continue;
    wrong.push_back(node + " scrapes " + std::to_string(theirs.size()) +
                    " targets, above its capacity of " + std::to_string(capacity));
  }
}

}  // namespace

std::vector<std::string> census(const std::vector<std::string>& targets,
                                const ScrapedBy& scraped_by, const CensusRules& rules) {
  std::vector<std::string> wrong;
  Scrapers scrapers;
  for (const std::string& target : targets) scrapers[target];
  for (const auto& [node, theirs] : scraped_by) {
    for (const std::string& target : theirs) {
      const auto known = scrapers.find(target);
      if (known != scrapers.end()) {
        known->second.insert(node);
      } else {
        wrong.push_back(target + " is scraped by " + node + " and is no target");
      }
    }
  }
  check_owners(scrapers, rules.owners == 0 ? scraped_by.size() : rules.owners, wrong);
  check_capacity(scraped_by, rules.capacity, wrong);
  std::ranges::sort(wrong);
  return wrong;
}

std::size_t census_capacity(std::size_t targets, std::size_t node_count, double slack) {
  const double fair = static_cast<double>(targets) / static_cast<double>(node_count);
  // 1.1 * 100 is a little more than 110 in binary; that is no reason for one more.
  const double most = std::ceil((1 + slack) * fair - 1e-9);
  return std::min(targets, static_cast<std::size_t>(most));
}

}  // namespace promster
