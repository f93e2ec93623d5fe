#pragma once

#include <span>
#include <string>

#include "agent/setting_table.h"

namespace promster {

// The settings as a text for the terminal: by group, each with its variable and default, and the
// original's flags under "compatibility". Pure, any thread.
std::string settings_help(std::span<const SettingSpec> table);

}  // namespace promster
