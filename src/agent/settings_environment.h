#pragma once

#include <map>
#include <string>
#include <vector>

namespace promster {

// A warning for every variable that looks like one of ours and is none: SCRAPE_*, REGISTRY_*, and
// PROMSTER_*, ALERT_MANAGER*, REMOTE_WRITE* and EXTERNAL_* where they are near one that there is.
// (core/recording_rule.h speaks of RECORD_RULE_*, core/alert_rule.h of ALERT_RULE_*.)
// Pure, any thread.
std::vector<std::string> unknown_variables(const std::map<std::string, std::string>& environment);

}  // namespace promster
