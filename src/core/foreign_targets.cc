#include "core/foreign_targets.h"

#include <utility>

namespace promster {

void ForeignTargets::scraping(std::set<std::string> addresses, SteadyTime now) {
  if (keep_ == Duration::zero()) return;
  for (const std::string& address : scraped_) {
    if (!addresses.contains(address)) until_[address] = now + keep_;
  }
  for (const std::string& address : addresses) until_.erase(address);
  scraped_ = std::move(addresses);
}

bool ForeignTargets::expire(SteadyTime now) {
  return std::erase_if(until_, [now](const auto& entry) { return entry.second <= now; }) > 0;
}

std::optional<SteadyTime> ForeignTargets::deadline() const {
  std::optional<SteadyTime> next;
  for (const auto& [address, until] : until_) {
    if (!next || until < *next) next = until;
  }
  return next;
}

std::vector<std::string> ForeignTargets::addresses() const {
  std::vector<std::string> result;
  for (const auto& [address, until] : until_) result.push_back(address);
  return result;
}

}  // namespace promster
