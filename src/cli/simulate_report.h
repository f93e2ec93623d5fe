#pragma once

#include <iosfwd>
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

// For people: balance, members, the first moves, algorithms side by side.
void print_simulation_table(const SimulateReport& report, std::ostream& out);

// One object: "owners" (target -> members), "load" (member -> targets), both after the change,
// "moved", and what the table says beside that.
void print_simulation_json(const SimulateReport& report, std::ostream& out);

}  // namespace promster
