#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/labels.h"

namespace promster {

// A rule from RECORD_RULE_<n>_NAME, _EXPR, _LABELS, _GUARD.
struct RecordingRule {
  int number = 0;
  std::string name;
  std::string expr;  // as the user wrote it
  Labels labels;
  bool guard = true;  // _GUARD=false turns the ownership guard off for this rule

  bool operator==(const RecordingRule&) const = default;
};

// The rules, by number, and everything that is wrong with them: each error names the variable and
// the mend. Warnings (a gap in the numbers) do not stop anything.
struct RecordingRules {
  std::vector<RecordingRule> rules;
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
};

// Reads the rules among the environment variables. An expression may hold any character, any "="
// among them; labels are `name:value,name:value`, the first ":" of an item being the separator and
// "\," a comma in a value. <n>
// is 1 or more without leading zeros: RECORD_RULE_007_NAME is warned of like any variable that is
// not read. An empty or blank variable counts as unset; RECORD_RULE_GUARD is a setting and not
// looked at.
RecordingRules recording_rules_from(const std::map<std::string, std::string>& environment);

}  // namespace promster
