#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/target_health.h"
#include "web/target_rows.h"

namespace promster {

// Asks owners how their targets are, and finds the answer for a target that has several owners: the
// best of them who answered speaks.
//
// Thread rule: one thread.
class HealthFinder {
 public:
  // `ask` may be empty: then nobody answers.
  explicit HealthFinder(const AskHealth& ask) : ask_(ask) {}

  // Everything that these owners scrape; with `only_down` what is down of it. Blocks.
  void ask_all(const std::set<std::string>& owners, bool only_down);
  void ask(const std::vector<HealthQuestion>& questions);

  TargetHealth health_of(const std::vector<std::string>& owners, std::string_view address) const;

  const std::map<std::string, std::string>& failed() const { return answer_.failed; }

 private:
  const AskHealth& ask_;
  HealthAnswer answer_;
  bool only_down_ = false;
};

// Asks the owners for the health of the rows of a page; at most two questions an owner: who failed
// to answer before is not asked again. Blocks.
void ask_rows(const AskHealth& ask, TargetsPage& page);

}  // namespace promster
