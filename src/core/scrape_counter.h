#pragma once

#include <map>
#include <string>

#include "core/event.h"

namespace promster {

// Counts how often Prometheus was seen to scrape each address, from one look at its targets to the
// next. What it does not scrape any more is forgotten.
// Thread rule: one thread.
class ScrapeCounter {
 public:
  void see(const ScrapesSeen& event);
  void clear() {
    seen_.clear();
    counts_.clear();
  }

  // By address; scrapes between two looks count as one.
  const std::map<std::string, int>& counts() const { return counts_; }

 private:
  std::map<std::string, double> seen_;  // the time of the last scrape
  std::map<std::string, int> counts_;
};

}  // namespace promster
