#include "core/recording_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::string_view kFamily = "RECORD_RULE";
constexpr std::string_view kPrefix = "RECORD_RULE_";
constexpr std::string_view kGuardOfAll = "RECORD_RULE_GUARD";  // a setting, not a rule's
constexpr std::array<std::string_view, 4> kFields{"NAME", "EXPR", "LABELS", "GUARD"};

// The variables of one rule that are set, by field.
using Fields = std::map<std::string_view, std::string_view>;
using Errors = std::vector<std::string>;

std::string variable(int number, std::string_view field) {
  return std::string(kPrefix) + std::to_string(number) + "_" + std::string(field);
}

std::string quoted(std::string_view text) {
  return '"' + printable(text) + '"';
}

// A rule's number is written without leading zeros, so that no two variables mean the same.
std::optional<int> rule_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || text[0] < '1' || text[0] > '9') return std::nullopt;
  return number;
}

struct VariableName {
  int number;
  std::string_view field;
};

std::optional<VariableName> read_variable_name(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  const std::size_t underscore = name.find('_');
  if (underscore == std::string_view::npos) return std::nullopt;
  const auto number = rule_number(name.substr(0, underscore));
  const auto* const field = std::ranges::find(kFields, name.substr(underscore + 1));
  if (!number || field == kFields.end()) return std::nullopt;
  return VariableName{*number, *field};
}

std::string not_read(const std::string& name) {
  std::string digits;
  for (const char c : name) {
    if (c >= '1' && c <= '9') digits += c;
    if (c == '0' && !digits.empty()) digits += c;
  }
  std::vector<std::string> candidates{std::string(kGuardOfAll)};
  for (const std::string_view field : kFields) {
    candidates.push_back(variable(rule_number(digits).value_or(1), field));
  }
  const auto meant = did_you_mean(name, candidates);
  const std::string mend = meant ? "did you mean " + *meant + "?"
                                 : "try: RECORD_RULE_<n>_NAME, _EXPR, _LABELS or _GUARD, n from 1";
  return printable(name) + ": not read; " + mend;
}

std::map<int, Fields> group_by_number(const std::map<std::string, std::string>& environment,
                                      std::vector<std::string>& unknown) {
  std::map<int, Fields> rules;
  for (auto at = environment.lower_bound(std::string(kFamily)); at != environment.end(); ++at) {
    const auto& [name, value] = *at;
    if (!name.starts_with(kFamily)) break;
    if (trim(value).empty() || name == kGuardOfAll) continue;
    if (const auto read = read_variable_name(name)) {
      rules[read->number][read->field] = value;
    } else {
      unknown.push_back(not_read(name));
    }
  }
  return rules;
}

// Which variable makes this a rule: the other one that every rule has, where that is set.
std::string_view witness(const Fields& fields, std::string_view missing) {
  const std::string_view partner = missing == "NAME" ? "EXPR" : "NAME";
  return fields.contains(partner) ? partner : fields.begin()->first;
}

// The value of a field that every rule has; empty, with an error, where it is not set.
std::string_view required(int number, const Fields& fields, std::string_view field,
                          Errors& errors) {
  if (const auto found = fields.find(field); found != fields.end()) return found->second;
  const std::string other = variable(number, witness(fields, field));
  errors.push_back(variable(number, field) + ": not set, but " + other +
                   " is; try: set it, or unset " + other);
  return {};
}

std::string read_name(int number, const Fields& fields, Errors& errors) {
  const std::string_view name = trim(required(number, fields, "NAME", errors));
  if (!name.empty() && !is_metric_name(name)) {
    errors.push_back(variable(number, "NAME") + ": " + quoted(name) +
                     " is not a metric name; try: letters, digits, _ and :, no digit at the front");
  }
  return std::string(name);
}

std::string read_expr(int number, const Fields& fields, Errors& errors) {
  const std::string_view expr = required(number, fields, "EXPR", errors);
  if (!is_utf8(expr)) {
    errors.push_back(variable(number, "EXPR") + ": " + quoted(expr) +
                     " is not UTF-8; try: write it in UTF-8");
  }
  return std::string(expr);
}

// What is wrong with a label, and the mend; empty where nothing is.
std::string label_fault(std::string_view name, std::string_view value, const Labels& earlier) {
  if (name == "__name__") return "the label __name__ is the rule's name; try: set _NAME instead";
  if (!is_label_name(name)) {
    return quoted(name) + " is not a label name; try: letters, digits and _, no digit at the front";
  }
  if (!is_utf8(value)) return "the value of " + quoted(name) + " is not UTF-8; try: write it so";
  if (earlier.find(name) != nullptr) {
    return "the label " + quoted(name) + " is there twice; try: keep one of them";
  }
  return {};
}

Labels read_labels(int number, std::string_view text, Errors& errors) {
  Labels labels;
  for (std::string_view item : split(text, ',')) {
    item = trim(item);
    if (item.empty()) continue;
    const std::size_t colon = item.find(':');
    const std::string_view name = trim(item.substr(0, colon));
    const std::string_view value =
        colon == std::string_view::npos ? std::string_view() : trim(item.substr(colon + 1));
    std::string fault = colon == std::string_view::npos
                            ? quoted(item) + " has no \":\"; try: name:value,name:value"
                            : label_fault(name, value, labels);
    if (fault.empty()) {
      labels.set(std::string(name), std::string(value));
    } else {
      errors.push_back(variable(number, "LABELS") + ": " + fault);
    }
  }
  return labels;
}

// The words of Go's flag package, which the original used, in any case.
bool read_guard(int number, std::string_view text, Errors& errors) {
  std::string word(trim(text));
  std::ranges::transform(word, word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (word == "true" || word == "t" || word == "1") return true;
  if (word == "false" || word == "f" || word == "0") return false;
  errors.push_back(variable(number, "GUARD") + ": " + quoted(word) +
                   " is neither true nor false; try: true or false");
  return true;
}

RecordingRule read_rule(int number, const Fields& fields, Errors& errors) {
  RecordingRule rule{.number = number};
  rule.name = read_name(number, fields, errors);
  rule.expr = read_expr(number, fields, errors);
  if (const auto found = fields.find("LABELS"); found != fields.end()) {
    rule.labels = read_labels(number, found->second, errors);
  }
  if (const auto found = fields.find("GUARD"); found != fields.end()) {
    rule.guard = read_guard(number, found->second, errors);
  }
  return rule;
}

std::string numbers(std::int64_t first, std::int64_t last) {
  const std::string from = std::to_string(first);
  return first == last ? from : from + " to " + std::to_string(last);
}

// The original stopped reading at the first gap; whoever relied on that should know.
void warn_of_gaps(const std::map<int, Fields>& rules, std::vector<std::string>& warnings) {
  std::int64_t expected = 1;
  for (const auto& [number, fields] : rules) {
    if (number > expected) {
      warnings.push_back("RECORD_RULE_<n>: no rule " + numbers(expected, number - 1) +
                         " before rule " + std::to_string(number) +
                         "; the rules after the gap are used too");
    }
    expected = std::int64_t{number} + 1;
  }
}

void warn_of_duplicates(const std::vector<RecordingRule>& rules,
                        std::vector<std::string>& warnings) {
  std::map<std::pair<std::string, Labels>, int> first;
  for (const RecordingRule& rule : rules) {
    const auto [at, added] = first.emplace(std::pair(rule.name, rule.labels), rule.number);
    if (added) continue;
    warnings.push_back(variable(rule.number, "NAME") + ": " + quoted(rule.name) +
                       " with the same labels is also rule " + std::to_string(at->second) +
                       ", so both may write the same series; try: another name or label");
  }
}

}  // namespace

RecordingRules recording_rules_from(const std::map<std::string, std::string>& environment) {
  RecordingRules result;
  std::vector<std::string> unknown;
  const std::map<int, Fields> by_number = group_by_number(environment, unknown);
  for (const auto& [number, fields] : by_number) {
    const std::size_t errors_before = result.errors.size();
    RecordingRule rule = read_rule(number, fields, result.errors);
    if (result.errors.size() == errors_before) result.rules.push_back(std::move(rule));
  }
  warn_of_gaps(by_number, result.warnings);
  warn_of_duplicates(result.rules, result.warnings);
  std::ranges::move(unknown, std::back_inserter(result.warnings));
  return result;
}

}  // namespace promster
