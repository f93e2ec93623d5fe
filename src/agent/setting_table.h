#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "core/settings.h"

namespace promster {

// One thing that a user can set. Flags, environment, --config.file, `promster config` and the help
// are all made from these rows, so that none of them can forget one.
struct SettingSpec {
  std::string_view name{};  // "scrape.interval": the flag without dashes, the key of the file
  std::string_view environment{};  // the original's name where it had one, else PROMSTER_...
  std::string_view alias{};        // the original's flag; empty where it had none
  std::string_view fallback{};     // the default as text; empty: none, or found out (see `help`)
  std::string_view value{};        // how the help calls the value; empty: on or off
  std::string_view help{};
  std::string_view
      choices{};        // "http https": the only values, to complete them; empty: others, too
  bool secret = false;  // never shown, and not accepted as a flag, which every user could read
  Result<void> (*read)(std::string_view text, Settings& settings) = nullptr;

  bool on_or_off() const { return value.empty(); }
};

// All settings, in the order of interface.md. Recording rules come from RECORD_RULE_<n>_... alone
// (core/recording_rule.h).
std::span<const SettingSpec> setting_table();

// By name, or by the original's alias; null where there is none.
const SettingSpec* find_setting(std::string_view name_or_alias);

// By name. REQUIRES: there is one of this name.
const SettingSpec& setting(std::string_view name);

}  // namespace promster
