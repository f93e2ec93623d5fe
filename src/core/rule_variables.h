#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"

// Environment variables that make rules, a number each: RECORD_RULE_<n>_EXPR, ALERT_RULE_<n>_EXPR.
// What all kinds of rules have in common. <n> is 1 or more without leading zeros, so that no two
// variables mean the same. Pure functions, any thread.
namespace promster {

// One kind of rule.
struct RuleFamily {
  std::string_view stem;                     // "RECORD_RULE"
  std::span<const std::string_view> fields;  // "NAME", "EXPR" ...
  std::string_view setting{};                // of this name, but no rule's; empty: there is none
  std::string_view mend;                     // what an unknown variable should have been
};

// The variables of one rule that are set, by field. They point into the environment.
using RuleFields = std::map<std::string_view, std::string_view>;

// The variables of a family, by rule; and of each that is not read, by name, a warning. An empty or
// blank variable counts as unset.
struct RuleVariables {
  std::map<int, RuleFields> rules;
  std::vector<std::string> unknown;
};
RuleVariables read_rule_variables(const RuleFamily& family,
                                  const std::map<std::string, std::string>& environment);

// The original stopped reading at the first gap in the numbers; whoever relied on that should know.
std::vector<std::string> warnings_of_gaps(const RuleFamily& family, const RuleVariables& variables);

// Reads the fields of one rule. What is wrong goes to `errors`, each with the name of its variable
// and the mend; the value is empty then. REQUIRES: all outlive it.
class RuleReader {
 public:
  RuleReader(const RuleFamily& family, int number, const RuleFields& fields,
             std::vector<std::string>& errors)
      : family_(family), number_(number), fields_(fields), errors_(errors) {}

  // "ALERT_RULE_3_FOR".
  std::string variable(std::string_view field) const;
  void wrong(std::string_view field, const std::string& what) const;

  // A field that every rule has.
  std::string_view required(std::string_view field) const;
  // One that need not be there.
  std::string_view optional(std::string_view field) const;
  // The text of EXPR.
  std::string expr() const;
  // Labels (core/label_list.h).
  Labels labels(std::string_view field) const;
  // The words of Go's flag package, which the original used, in any case; true where not set.
  bool guard() const;

 private:
  std::string_view witness(std::string_view missing) const;

  const RuleFamily& family_;
  int number_;
  const RuleFields& fields_;
  std::vector<std::string>& errors_;
};

}  // namespace promster
