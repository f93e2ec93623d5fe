#include "agent/settings_environment.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "agent/setting_table.h"
#include "base/text.h"

namespace promster {
namespace {

// Every variable that starts so is meant for us.
constexpr std::array<std::string_view, 2> kPrefixes{"SCRAPE_", "REGISTRY_"};
// One that starts so is, where it is near one that there is.
constexpr std::array<std::string_view, 5> kNearPrefixes{
    "PROMSTER_", "ALERT_MANAGER", "ALERTMANAGER", "REMOTE_WRITE", "EXTERNAL_"};

std::vector<std::string> known_variables() {
  std::vector<std::string> names;
  for (const SettingSpec& spec : setting_table()) names.emplace_back(spec.environment);
  return names;
}

}  // namespace

std::vector<std::string> unknown_variables(const std::map<std::string, std::string>& environment) {
  const std::vector<std::string> known = known_variables();
  std::vector<std::string> warnings;
  for (const auto& [name, value] : environment) {
    const bool claimed = std::ranges::any_of(
        kPrefixes, [&name = name](std::string_view prefix) { return name.starts_with(prefix); });
    const bool near_ours =
        name != "PROMSTER_SUPERVISED" &&
        std::ranges::any_of(kNearPrefixes, [&name = name](std::string_view prefix) {
          return name.starts_with(prefix);
        });
    if (value.empty() || (!claimed && !near_ours)) continue;
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto meant = did_you_mean(name, known);
    if (!claimed && !meant) continue;
    warnings.push_back(printable(name) + " is no setting of promster and has no effect" +
                       (meant ? "; did you mean " + *meant + "?" : std::string()));
  }
  return warnings;
}

}  // namespace promster
