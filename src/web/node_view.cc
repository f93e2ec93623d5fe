#include "web/node_view.h"

#include "core/ownership_guard.h"

namespace promster {

std::vector<ShownRule> shown_rules(const Settings& settings) {
  std::vector<ShownRule> shown;
  for (const RecordingRule& rule : settings.rules) {
    const bool guard = settings.rules_guard && rule.guard;
    const GuardedExpression written =
        guard ? guard_expression(rule.expr) : GuardedExpression{.expr = rule.expr};
    shown.push_back({.name = rule.name,
                     .expr = rule.expr,
                     .guarded = written.changed,
                     .written_expr = written.expr});
  }
  return shown;
}

}  // namespace promster
