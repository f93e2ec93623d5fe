#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/history.h"
#include "core/snapshot.h"
#include "core/what_if.h"
#include "web/web_message.h"

// GET /api/v1/simulate: what if nodes came or went? Pure functions, any thread.
namespace promster {

// Which nodes come and go.
struct SimulationQuestion {
  std::size_t add = 0;             // so many, of made-up names
  std::vector<std::string> named;  // these, beside them
  std::vector<std::string> remove;
};

struct SimulatedChange {
  WhatIfAnswer answer;
  std::size_t capacity_before = 0, capacity_after = 0;
  std::vector<MoveCount> moves;  // the most first
};

// `add`: a number, or names separated by commas; `remove`: names.
Result<SimulationQuestion> read_simulation_question(const std::string& add,
                                                    const std::string& remove);

// Why there is nothing to compute, whatever is asked; empty: there is.
std::string why_nothing_moves(const Snapshot& snapshot);

// Assigns all targets twice. Fails where the question does not fit the cluster. REQUIRES:
// why_nothing_moves() is empty.
Result<SimulatedChange> simulate_change(const Snapshot& snapshot,
                                        const SimulationQuestion& question);

// The whole answer.
WebResponse simulate_answer(const Snapshot& snapshot, const SimulationQuestion& question);

}  // namespace promster
