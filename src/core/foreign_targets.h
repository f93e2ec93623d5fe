#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/duration.h"

namespace promster {

// The targets that this node scraped lately and does not own any more. Until the longest range of
// the guarded rules has passed, a range function still answers for them from what it remembers, so
// the rules must leave them out (design.md, "Totals that stay right").
//
// And, for three seconds, those that it has just begun to scrape: a Prometheus that was restarted
// never wrote that an older "foreign" of theirs has ended, and would believe it for five minutes.
// Saying it once more and then no more ends it.
//
// Thread rule: one thread.
class ForeignTargets {
 public:
  // `keep`: how long a target stays foreign after it was let go; zero: never foreign at all.
  explicit ForeignTargets(Duration keep) : keep_(keep) {}

  // Whether anything is ever foreign.
  bool guards() const { return keep_ > Duration::zero(); }

  // The addresses that are scraped from `now` on, in place of the ones given before.
  void scraping(std::set<std::string> addresses, SteadyTime now);
  // Before the first of these: what a former run of this node scraped, which goes on.
  void continues(std::set<std::string> addresses) { scraped_ = std::move(addresses); }

  // Forgets what is past its time; returns whether anything was.
  bool expire(SteadyTime now);

  // When expire() has something to do next.
  std::optional<SteadyTime> deadline() const { return next_; }

  // Addresses, sorted.
  std::vector<std::string> addresses() const;

 private:
  void find_next();

  Duration keep_;
  std::set<std::string> scraped_;
  std::map<std::string, SteadyTime> until_;     // not scraped any more
  std::map<std::string, SteadyTime> arriving_;  // just begun
  std::optional<SteadyTime> next_;              // the first time of both
};

}  // namespace promster
