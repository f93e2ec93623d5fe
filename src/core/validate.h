#pragma once

#include <string_view>

#include "base/result.h"

namespace promster {

// Our own check of what was rendered, before promtool and before anything is replaced: parses the
// bytes again and looks at the structure, since promtool lets pass what would be a disaster (an
// empty file, a section smuggled in, a regular expression that cannot be compiled: semantics.md,
// facts 3 and 4). The error says where: "scrape_configs[2].metrics_path: ...". Pure, any thread.
Result<void> validate_config(std::string_view prometheus_yml, std::string_view rules_yml);

}  // namespace promster
