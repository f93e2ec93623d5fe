#pragma once

#include <string>
#include <string_view>
#include <vector>

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

// What a node has to say, the worst first; the words of /-/ready, with the mend. Pure, any thread.
std::vector<PageProblem> find_problems(const Snapshot& snapshot);

// The mend of a line of Snapshot::missing or Snapshot::degraded; empty where there is none known.
std::string_view mend_of(std::string_view line);

}  // namespace promster
