#pragma once

#include <string>

namespace promster {

// The settings as the end of a help text: by group, each with its variable and default, and the
// original's flags under "compatibility". Pure, any thread.
std::string settings_help();

}  // namespace promster
