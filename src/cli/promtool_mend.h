#pragma once

#include <string>

#include "core/settings.h"

namespace promster {

// What to look at where promtool refuses the configuration of these settings with these words: the
// variables of the rule or alert that they name, the site's own file, or all of it. Reads as the
// end of a message: "RECORD_RULE_2_EXPR". Pure, any thread.
std::string promtool_mend(const std::string& words, const Settings& settings);

}  // namespace promster
