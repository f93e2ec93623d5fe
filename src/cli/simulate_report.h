#pragma once

#include <iosfwd>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/what_if.h"

namespace promster {

// What one algorithm would do in the same case.
struct AlgorithmFigures {
  AnyAlgorithm algorithm = AnyAlgorithm::kBounded;
  double max_over_mean_before = 1, max_over_mean_after = 1;
  std::size_t moved = 0;
};

// What `promster simulate` prints. Names of targets are by their index.
struct SimulateReport {
  WhatIfQuestion question;
  WhatIfAnswer answer;
  std::span<const std::string> names;
  std::vector<AlgorithmFigures> comparison;
};

// How targets are shared at one time.
struct SimulatedLoads {
  Balance balance;
  std::map<std::string, std::size_t> load;  // by the name of each member
};

// Parts of the table: balance and members, then how many targets move.
void print_simulated_loads(const SimulatedLoads& before, const SimulatedLoads& after,
                           std::ostream& out);
void print_simulated_moves(std::size_t moved, double fewest, std::ostream& out);

// For people: balance, members, the first moves, algorithms side by side.
void print_simulation_table(const SimulateReport& report, std::ostream& out);

// One object: "owners" (target -> members), "load" (member -> targets), both after the change,
// "moved", and what the table says beside that.
void print_simulation_json(const SimulateReport& report, std::ostream& out);

}  // namespace promster
