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
  std::vector<std::string> addresses;  // empty: all that are down
};

// By owner and address. An owner that does not answer in time has none, and is named in `failed`.
struct HealthAnswer {
  std::map<std::string, std::map<std::string, TargetHealth>> by_owner;
  std::map<std::string, std::string> failed;  // owner -> why
};

// Asks all owners at the same time, each with a deadline. Blocks; any thread.
using AskHealth = std::function<HealthAnswer(const std::vector<HealthQuestion>&)>;

}  // namespace promster
