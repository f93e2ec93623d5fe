#include "cli/promtool_mend.h"

#include <cstdlib>
#include <string_view>

namespace promster {
namespace {

// The variables of the rule that promtool's words name by its group and its place there, as in
// `group "env-rules-123", rule 2, "a:b": ...`; those of any rule where they name no place.
template <class Rules>
std::string variables(const std::string& words, std::size_t group, std::string_view prefix,
                      std::string_view fields, const Rules& rules) {
  constexpr std::string_view kRule = "\", rule ";
  const std::size_t rule = words.find(kRule, group);
  const int place = rule == words.npos ? 0 : std::atoi(words.c_str() + rule + kRule.size());
  const bool known = place > 0 && static_cast<std::size_t>(place) <= rules.size();
  const std::string number = known ? std::to_string(rules[place - 1].number) : "<n>";
  return std::string(prefix) + number + std::string(fields);
}

}  // namespace

std::string promtool_mend(const std::string& words, const Settings& settings) {
  const std::size_t rules = words.find("group \"env-rules-");
  if (rules != words.npos) {
    return variables(words, rules, "RECORD_RULE_", "_EXPR", settings.rules);
  }
  const std::size_t alerts = words.find("group \"env-alerts-");
  if (alerts != words.npos) {
    return variables(words, alerts, "ALERT_RULE_", "_EXPR, _LABELS and _ANNOTATIONS",
                     settings.alerts);
  }
  const std::string& site = settings.prometheus.base.file;
  if (!site.empty() && words.find(site) != words.npos) {
    return "look at " + site + " (PROMSTER_PROMETHEUS_BASE_CONFIG) and the files that it names";
  }
  return site.empty() ? "promster render" : "promster render, and " + site;
}

}  // namespace promster
