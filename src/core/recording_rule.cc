#include "core/recording_rule.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "core/rule_variables.h"

namespace promster {
namespace {

constexpr std::array<std::string_view, 4> kFields{"NAME", "EXPR", "LABELS", "GUARD"};
constexpr RuleFamily kFamily{.stem = "RECORD_RULE",
                             .fields = kFields,
                             .setting = "RECORD_RULE_GUARD",
                             .mend = "RECORD_RULE_<n>_NAME, _EXPR, _LABELS or _GUARD, n from 1"};

std::string read_name(const RuleReader& reader) {
  const std::string_view name = trim(reader.required("NAME"));
  if (!name.empty() && !is_metric_name(name)) {
    reader.wrong("NAME",
                 '"' + printable(name) +
                     "\" is not a metric name; try: letters, digits, _ and :, no digit at the "
                     "front");
  }
  return std::string(name);
}

RecordingRule read_rule(const RuleReader& reader, int number) {
  RecordingRule rule{.number = number};
  rule.name = read_name(reader);
  rule.expr = reader.expr();
  rule.labels = reader.labels("LABELS");
  if (rule.labels.find("__name__") != nullptr) {
    reader.wrong("LABELS", "the label __name__ is the rule's name; try: set _NAME instead");
  }
  rule.guard = reader.guard();
  return rule;
}

void warn_of_duplicates(const std::vector<RecordingRule>& rules,
                        std::vector<std::string>& warnings) {
  std::map<std::pair<std::string, Labels>, int> first;
  for (const RecordingRule& rule : rules) {
    const auto [at, added] = first.emplace(std::pair(rule.name, rule.labels), rule.number);
    if (added) continue;
    warnings.push_back("RECORD_RULE_" + std::to_string(rule.number) + "_NAME: \"" +
                       printable(rule.name) + "\" with the same labels is also rule " +
                       std::to_string(at->second) +
                       ", so both may write the same series; try: another name or label");
  }
}

}  // namespace

RecordingRules recording_rules_from(const std::map<std::string, std::string>& environment) {
  RecordingRules result;
  const RuleVariables variables = read_rule_variables(kFamily, environment);
  for (const auto& [number, fields] : variables.rules) {
    const std::size_t errors_before = result.errors.size();
    RecordingRule rule = read_rule({kFamily, number, fields, result.errors}, number);
    if (result.errors.size() == errors_before) result.rules.push_back(std::move(rule));
  }
  result.warnings = warnings_of_gaps(kFamily, variables);
  warn_of_duplicates(result.rules, result.warnings);
  std::ranges::copy(variables.unknown, std::back_inserter(result.warnings));
  return result;
}

}  // namespace promster
