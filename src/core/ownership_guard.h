#pragma once

#include <string>
#include <string_view>

#include "base/duration.h"

namespace promster {

// The metric by which a node names the targets that its rules must leave out.
inline constexpr std::string_view kForeignTargetMetric = "promster_foreign_target";

struct GuardedExpression {
  std::string expr;         // what goes into rules.yml
  bool changed = false;     // whether any selector was guarded
  Duration longest_range{}; // how far back the expression looks: the longest range plus offset
};

// The ownership guard (design.md, "Totals that stay right"): every plain selector drops the targets
// that promster_foreign_target names. `x` becomes `(x unless on (job, instance)
// promster_foreign_target)`, and `irate(x[2m])` becomes
// `(irate(x[2m]) unless on (job, instance) promster_foreign_target)`. Selectors in absent() and
// absent_over_time(), in subqueries, of promster_foreign_target itself, and whatever cannot be proved
// to be a selector stay as they are; so does an expression that cannot be read at all.
// Grammar: prometheus.io/docs, "Querying basics" and "Operators"; github.com/prometheus/prometheus,
// promql/parser. Pure, any thread.
GuardedExpression guard_expression(std::string_view expr);

}  // namespace promster
