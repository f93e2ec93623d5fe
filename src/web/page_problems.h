#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "core/snapshot.h"
#include "web/page_words.h"

namespace promster {

// Something that is not as it should be, or not as usual.
struct PageProblem {
  Tone tone = Tone::kWarn;  // kBad: not ready; kWarn: it works, but; kInfo: to know
  std::string what;         // and why
  std::string mend;         // "try: ...", or what it waits for; may be empty
  std::string more_url, more_text;
};

// What a node has to say, the worst first; the words of /-/ready, with the mend. `scrape_prefix` is
// where its targets are to be. Nothing that a card (web/page_cards.h) is yellow for is left out.
// Pure, any thread.
std::vector<PageProblem> find_problems(const Snapshot& snapshot, std::string_view scrape_prefix,
                                       SteadyTime now);

// How much is left of the lease of a node that is registered; never below 0.
Duration lease_left(const Snapshot& snapshot, SteadyTime now);
// Whether so little is left that renewals must have failed: less than 40 %.
bool lease_runs_out(const Snapshot& snapshot, SteadyTime now);

// How many nodes share by another ring than this one.
std::size_t differing_nodes(const Snapshot& snapshot);

// The mend of a line of Snapshot::missing or Snapshot::degraded; empty where there is none known.
std::string_view mend_of(std::string_view line);

}  // namespace promster
