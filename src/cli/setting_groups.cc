#include "cli/setting_groups.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace promster {
namespace {

struct Title {
  std::string_view group, title;
};

constexpr Title kTitles[] = {
    {"config", "A file of settings"},
    {"log", "Log"},
    {"scrape", "Targets, and how they are scraped"},
    {"rules", "Recording rules and alerts"},
    {"registry", "Registry, in which the nodes find each other"},
    {"etcd", "Access to etcd"},
    {"shard", "Who scrapes what"},
    {"prometheus", "The Prometheus beside the agent"},
    {"web", "The agent's own page and API"},
};

constexpr RuleVariable kRuleVariables[] = {
    {"RECORD_RULE_<n>_NAME", "the name of the n-th rule, such as level1:requests:rate1m"},
    {"RECORD_RULE_<n>_EXPR", "its expression"},
    {"RECORD_RULE_<n>_LABELS", "its labels, as name:value,name:value"},
    {"RECORD_RULE_<n>_GUARD", "false: this rule counts targets of other nodes, too"},
    {"ALERT_RULE_<n>_NAME", "the name of the n-th alert, such as TargetDown"},
    {"ALERT_RULE_<n>_EXPR", "its expression"},
    {"ALERT_RULE_<n>_FOR", "how long that is so before the alert fires, such as 5m"},
    {"ALERT_RULE_<n>_LABELS", "its labels, as name:value,name:value"},
    {"ALERT_RULE_<n>_ANNOTATIONS", "its annotations, in the same form; \\, is a comma in a value"},
    {"ALERT_RULE_<n>_GUARD", "false: this alert sees targets of other nodes, too"},
};

std::string_view title_of(std::string_view group) {
  const auto found = std::ranges::find(kTitles, group, &Title::group);
  return found == std::end(kTitles) ? group : found->title;
}

}  // namespace

std::vector<SettingGroup> setting_groups(std::span<const SettingSpec> table) {
  std::vector<SettingGroup> groups;
  for (const SettingSpec& spec : table) {
    const std::string_view name = spec.name.substr(0, spec.name.find('.'));
    auto group = std::ranges::find(groups, name, &SettingGroup::name);
    if (group == groups.end()) {
      groups.push_back({.name = name, .title = title_of(name), .settings = {}});
      group = std::prev(groups.end());
    }
    group->settings.push_back(&spec);
  }
  return groups;
}

std::string_view settings_rules() {
  return "A flag goes before its variable, that before the file named by --config.file, that "
         "before "
         "the default. A variable without a value counts as not set. Durations are written as "
         "Prometheus writes them: 30s, 1m30s. promster config prints the settings in effect and "
         "where each came from.";
}

std::span<const RuleVariable> rule_variables() {
  return kRuleVariables;
}

std::string flag_value(const SettingSpec& spec) {
  if (!spec.on_or_off()) return "=" + std::string(spec.value);
  return spec.fallback == "true" ? "=false" : "";
}

}  // namespace promster
