#include "web/node_view.h"

#include "core/ownership_guard.h"

namespace promster {
namespace {

template <class Rule>
ShownRule shown(const Settings& settings, const Rule& rule) {
  const bool guard = settings.rules_guard && rule.guard;
  const GuardedExpression written =
      guard ? guard_expression(rule.expr) : GuardedExpression{.expr = rule.expr};
  return {.name = rule.name,
          .expr = rule.expr,
          .guarded = written.changed,
          .written_expr = written.expr};
}

}  // namespace

std::vector<ShownRule> shown_rules(const Settings& settings) {
  std::vector<ShownRule> all;
  for (const RecordingRule& rule : settings.rules) all.push_back(shown(settings, rule));
  return all;
}

std::vector<ShownRule> shown_alerts(const Settings& settings) {
  std::vector<ShownRule> all;
  for (const AlertRule& alert : settings.alerts) {
    all.push_back(shown(settings, alert));
    if (alert.after) all.back().after = format_duration(*alert.after);
  }
  return all;
}

}  // namespace promster
