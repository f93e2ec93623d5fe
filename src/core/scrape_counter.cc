#include "core/scrape_counter.h"

#include <utility>

namespace promster {

void ScrapeCounter::see(const ScrapesSeen& event) {
  std::map<std::string, double> seen;
  std::map<std::string, int> counts;
  for (const ScrapesSeen::One& one : event.targets) {
    const auto before = seen_.find(one.address);
    const bool again = one.last_scrape > (before == seen_.end() ? 0 : before->second);
    const auto counted = counts_.find(one.address);
    const int so_far = before == seen_.end() || counted == counts_.end() ? 0 : counted->second;
    counts[one.address] = so_far + (again ? 1 : 0);
    seen[one.address] = one.last_scrape;
  }
  seen_ = std::move(seen);
  counts_ = std::move(counts);
}

}  // namespace promster
