#include "cli/settings_help.h"

#include "cli/setting_groups.h"
#include "cli/wrapped_text.h"

namespace promster {
namespace {

constexpr std::size_t kTextIndent = 8;

std::string entry(const SettingSpec& spec) {
  const std::string flag =
      spec.secret ? "" : "--" + std::string(spec.name) + flag_value(spec) + ", ";
  const std::string fallback =
      spec.fallback.empty() ? "" : " (default " + std::string(spec.fallback) + ")";
  return "  " + flag + std::string(spec.environment) + "\n" +
         wrapped_text(std::string(spec.help) + fallback, kTextIndent);
}

std::string rules() {
  std::string text = "\nRecording rules and alerts, any number of them:\n";
  for (const RuleVariable& variable : rule_variables()) {
    text += "  " + std::string(variable.name) + "\n" + wrapped_text(variable.help, kTextIndent);
  }
  return text;
}

std::string compatibility(std::span<const SettingSpec> table) {
  std::string text = "\ncompatibility: flags of the original promster, with one dash or two:\n";
  for (const SettingSpec& spec : table) {
    if (spec.alias.empty()) continue;
    text += "  --" + std::string(spec.alias) + " is --" + std::string(spec.name) + "\n";
  }
  return text;
}

}  // namespace

std::string settings_help(std::span<const SettingSpec> table) {
  std::string text = wrapped_text(settings_rules(), 0);
  for (const SettingGroup& group : setting_groups(table)) {
    text += "\n" + std::string(group.title) + ":\n";
    for (const SettingSpec* spec : group.settings) text += entry(*spec);
  }
  return text + rules() + compatibility(table);
}

}  // namespace promster
