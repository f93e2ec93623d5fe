#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "core/labels.h"

namespace promster {

// An alert from ALERT_RULE_<n>_NAME, _EXPR, _FOR, _LABELS, _ANNOTATIONS, _GUARD.
struct AlertRule {
  int number = 0;
  std::string name;               // any text: it becomes the label alertname
  std::string expr;               // as the user wrote it
  std::optional<Duration> after;  // _FOR: how long it is pending before it fires
  Labels labels;
  Labels annotations;
  // Off, targets that another node owns are counted too while they change hands, and both nodes may
  // fire for one of them.
  bool guard = true;

  bool operator==(const AlertRule&) const = default;
};

// The alerts, by number, and what is to be said of them, as in RecordingRules.
struct AlertRules {
  std::vector<AlertRule> rules;
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
};

// Reads the alerts among the environment variables; as with recording rules
// (core/recording_rule.h), labels and annotations in their format.
AlertRules alert_rules_from(const std::map<std::string, std::string>& environment);

}  // namespace promster
