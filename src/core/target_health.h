#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace promster {

// What the Prometheus of its owner says of a target.
struct TargetHealth {
  enum class State { kUnknown, kUp, kDown };
  State state = State::kUnknown;
  double last_scrape = 0;   // unix seconds; 0: not known
  double took_seconds = 0;  // the last scrape
  std::string error;  // of the last scrape, or why nothing is known ("10.0.0.3:9090: timeout")
};

// Which targets of which owner.
struct HealthQuestion {
  std::string owner;                   // host:port of a Prometheus, as siblings know it
  std::vector<std::string> addresses;  // empty: all that it scrapes for us
  bool only_down = false;              // leaves out of the answer what is not down
  bool words = false;  // with the words of the last error, which costs a large answer of its own
};

// By owner and address; what the owner does not scrape is not there. An owner that does not answer
// in time has no entry, and is named in `failed`.
struct HealthAnswer {
  std::map<std::string, std::map<std::string, TargetHealth>> by_owner;
  std::map<std::string, std::string> failed;  // owner -> why
};

// Asks all owners at the same time, each with a deadline. Blocks; any thread.
using AskHealth = std::function<HealthAnswer(const std::vector<HealthQuestion>&)>;

}  // namespace promster
