#pragma once

#include <string>
#include <string_view>

#include "base/duration.h"

namespace promster {

// The metric by which a node names the targets that its rules must leave out.
inline constexpr std::string_view kForeignTargetMetric = "promster_foreign_target";

struct GuardedExpression {
  std::string expr;          // what goes into rules.yml
  bool changed = false;      // whether any selector was guarded
  Duration longest_range{};  // how far back it looks: the longest range plus offset, those of a
                             // subquery added to what is in it
};

// The ownership guard: every selector drops the targets that promster_foreign_target names. `x`
// becomes `(x unless on (job, instance) promster_foreign_target)`; where a function must be given
// the selector itself, the guard goes around the call: `irate(x[2m])` and `timestamp(x)` become
// `(irate(x[2m]) unless on (job, instance) promster_foreign_target)` and so on.
//
// Left as they are: selectors in absent(), absent_over_time(), subqueries and functions that are
// not known, those of promster_foreign_target itself, what is guarded in this form already, and an
// expression that cannot be read. Nothing but the guards is inserted, so guarding twice is guarding
// once. While no target is foreign the answer is the same with the guard as without it. Why it is
// so: docs/decisions/0003-ownership-guard.md. Grammar: prometheus.io/docs, "Querying basics" and
// "Operators". Pure, any thread.
GuardedExpression guard_expression(std::string_view expr);

}  // namespace promster
