#include "core/rule_variables.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "core/label_list.h"

namespace promster {
namespace {

std::string quoted(std::string_view text) {
  return '"' + printable(text) + '"';
}

std::string variable_name(const RuleFamily& family, int number, std::string_view field) {
  return std::string(family.stem) + "_" + std::to_string(number) + "_" + std::string(field);
}

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

std::optional<VariableName> read_variable_name(const RuleFamily& family, std::string_view name) {
  name.remove_prefix(family.stem.size());
  if (!name.starts_with('_')) return std::nullopt;
  name.remove_prefix(1);
  const std::size_t underscore = name.find('_');
  if (underscore == std::string_view::npos) return std::nullopt;
  const auto number = rule_number(name.substr(0, underscore));
  const auto field = std::ranges::find(family.fields, name.substr(underscore + 1));
  if (!number || field == family.fields.end()) return std::nullopt;
  return VariableName{*number, *field};
}

std::string not_read(const RuleFamily& family, const std::string& name) {
  std::string digits;
  for (const char c : name) {
    if (c >= '1' && c <= '9') digits += c;
    if (c == '0' && !digits.empty()) digits += c;
  }
  std::vector<std::string> candidates;
  if (!family.setting.empty()) candidates.emplace_back(family.setting);
  for (const std::string_view field : family.fields) {
    candidates.push_back(variable_name(family, rule_number(digits).value_or(1), field));
  }
  const auto meant = did_you_mean(name, candidates);
  const std::string mend =
      meant ? "did you mean " + *meant + "?" : "try: " + std::string(family.mend);
  return printable(name) + ": not read; " + mend;
}

std::string numbers(std::int64_t first, std::int64_t last) {
  const std::string from = std::to_string(first);
  return first == last ? from : from + " to " + std::to_string(last);
}

}  // namespace

RuleVariables read_rule_variables(const RuleFamily& family,
                                  const std::map<std::string, std::string>& environment) {
  RuleVariables result;
  for (auto at = environment.lower_bound(std::string(family.stem)); at != environment.end(); ++at) {
    const auto& [name, value] = *at;
    if (!name.starts_with(family.stem)) break;
    if (trim(value).empty() || name == family.setting) continue;
    if (const auto read = read_variable_name(family, name)) {
      result.rules[read->number][read->field] = value;
    } else {
      result.unknown.push_back(not_read(family, name));
    }
  }
  return result;
}

std::vector<std::string> warnings_of_gaps(const RuleFamily& family,
                                          const RuleVariables& variables) {
  std::vector<std::string> warnings;
  std::int64_t expected = 1;
  for (const auto& [number, fields] : variables.rules) {
    if (number > expected) {
      warnings.push_back(std::string(family.stem) + "_<n>: no rule " +
                         numbers(expected, number - 1) + " before rule " + std::to_string(number) +
                         "; the rules after the gap are used too");
    }
    expected = std::int64_t{number} + 1;
  }
  return warnings;
}

std::string RuleReader::variable(std::string_view field) const {
  return variable_name(family_, number_, field);
}

void RuleReader::wrong(std::string_view field, const std::string& what) const {
  errors_.push_back(variable(field) + ": " + what);
}

// Which variable makes this a rule: the other one that every rule has, where that is set.
std::string_view RuleReader::witness(std::string_view missing) const {
  const std::string_view partner = missing == "NAME" ? "EXPR" : "NAME";
  return fields_.contains(partner) ? partner : fields_.begin()->first;
}

std::string_view RuleReader::required(std::string_view field) const {
  if (const auto found = fields_.find(field); found != fields_.end()) return found->second;
  const std::string other = variable(witness(field));
  wrong(field, "not set, but " + other + " is; try: set it, or unset " + other);
  return {};
}

std::string_view RuleReader::optional(std::string_view field) const {
  const auto found = fields_.find(field);
  return found == fields_.end() ? std::string_view() : found->second;
}

std::string RuleReader::expr() const {
  const std::string_view expr = required("EXPR");
  if (!is_utf8(expr)) wrong("EXPR", quoted(expr) + " is not UTF-8; try: write it in UTF-8");
  return std::string(expr);
}

Labels RuleReader::labels(std::string_view field) const {
  LabelList list = read_label_list(optional(field));
  for (const std::string& fault : list.faults) wrong(field, fault);
  return std::move(list.labels);
}

bool RuleReader::guard() const {
  std::string word(trim(optional("GUARD")));
  std::ranges::transform(word, word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (word.empty() || word == "true" || word == "t" || word == "1") return true;
  if (word == "false" || word == "f" || word == "0") return false;
  wrong("GUARD", quoted(word) + " is neither true nor false; try: true or false");
  return true;
}

}  // namespace promster
