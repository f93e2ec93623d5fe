#include "core/foreign_targets.h"

#include <utility>

namespace promster {

namespace {

// Prometheus scrapes what we say every second.
constexpr Duration kHeard = std::chrono::seconds(3);

}  // namespace

void ForeignTargets::scraping(std::set<std::string> addresses, SteadyTime now) {
  if (keep_ == Duration::zero()) return;
  for (const std::string& address : scraped_) {
    if (!addresses.contains(address)) until_[address] = now + keep_;
  }
  for (const std::string& address : addresses) {
    until_.erase(address);
    if (!scraped_.contains(address)) arriving_[address] = now + kHeard;
  }
  std::erase_if(arriving_, [&](const auto& entry) { return !addresses.contains(entry.first); });
  scraped_ = std::move(addresses);
  find_next();
}

bool ForeignTargets::expire(SteadyTime now) {
  if (!next_ || *next_ > now) return false;
  const auto over = [now](const auto& entry) { return entry.second <= now; };
  std::erase_if(until_, over);
  std::erase_if(arriving_, over);
  find_next();
  return true;
}

void ForeignTargets::find_next() {
  next_.reset();
  for (const auto* times : {&until_, &arriving_}) {
    for (const auto& [address, until] : *times) {
      if (!next_ || until < *next_) next_ = until;
    }
  }
}

std::vector<std::string> ForeignTargets::addresses() const {
  std::set<std::string> result;
  for (const auto* times : {&until_, &arriving_}) {
    for (const auto& [address, until] : *times) result.insert(address);
  }
  return {result.begin(), result.end()};
}

}  // namespace promster
