#include "core/alert_rule.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "core/rule_variables.h"

namespace promster {
namespace {

constexpr std::array<std::string_view, 6> kFields{"NAME",   "EXPR",        "FOR",
                                                  "LABELS", "ANNOTATIONS", "GUARD"};
constexpr RuleFamily kFamily{
    .stem = "ALERT_RULE",
    .fields = kFields,
    .mend = "ALERT_RULE_<n>_NAME, _EXPR, _FOR, _LABELS, _ANNOTATIONS or _GUARD, n from 1"};

std::string read_name(const RuleReader& reader) {
  const std::string_view name = trim(reader.required("NAME"));
  if (!is_utf8(name) || has_control(name)) {
    reader.wrong("NAME", '"' + printable(name) +
                             "\" is not plain text on one line; try: a name such as TargetDown");
    return {};
  }
  return std::string(name);
}

std::optional<Duration> read_for(const RuleReader& reader) {
  const std::string_view text = trim(reader.optional("FOR"));
  if (text.empty()) return std::nullopt;
  const auto after = parse_duration(text);
  if (after) return *after;
  reader.wrong("FOR", '"' + printable(text) + "\" is no duration; try: 30s, 5m or 1h");
  return std::nullopt;
}

AlertRule read_rule(const RuleReader& reader, int number) {
  AlertRule rule{.number = number};
  rule.name = read_name(reader);
  rule.expr = reader.expr();
  rule.after = read_for(reader);
  rule.labels = reader.labels("LABELS");
  for (const char* name : {"alertname", "__name__"}) {
    if (rule.labels.find(name) == nullptr) continue;
    reader.wrong("LABELS", "the label " + std::string(name) +
                               " is not the user's to set; try: set _NAME instead");
  }
  rule.annotations = reader.labels("ANNOTATIONS");
  rule.guard = reader.guard();
  return rule;
}

}  // namespace

AlertRules alert_rules_from(const std::map<std::string, std::string>& environment) {
  AlertRules result;
  const RuleVariables variables = read_rule_variables(kFamily, environment);
  for (const auto& [number, fields] : variables.rules) {
    const std::size_t errors_before = result.errors.size();
    AlertRule rule = read_rule({kFamily, number, fields, result.errors}, number);
    if (result.errors.size() == errors_before) result.rules.push_back(std::move(rule));
  }
  result.warnings = warnings_of_gaps(kFamily, variables);
  std::ranges::copy(variables.unknown, std::back_inserter(result.warnings));
  return result;
}

}  // namespace promster
