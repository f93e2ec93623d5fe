#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/setting_table.h"

// How the settings are told of: in the help, the man pages and docs/reference/. Pure, any thread.
namespace promster {

struct SettingGroup {
  std::string_view name;   // "scrape": what the names start with
  std::string_view title;  // "Targets and how they are scraped"
  std::vector<const SettingSpec*> settings;
};

// The settings by the first part of their names, in the order of the table, which must outlive
// this.
std::vector<SettingGroup> setting_groups(std::span<const SettingSpec> table);

// Which source goes before which, and how durations are written; one paragraph.
std::string_view settings_rules();

// The variables of recording rules, which are in no table since there are any number of them.
struct RuleVariable {
  std::string_view name;  // "RECORD_RULE_<n>_NAME"
  std::string_view help;
};
std::span<const RuleVariable> rule_variables();

// How the value of a flag is written behind it: "=DURATION"; for what is on by default "=false".
std::string flag_value(const SettingSpec& spec);

}  // namespace promster
