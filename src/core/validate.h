#pragma once

#include "base/result.h"
#include "core/plan.h"

namespace promster {

// Our own check of what was rendered, before promtool and before anything is replaced: parses the
// bytes again and looks at the structure, since promtool lets pass what would be a disaster (an
// empty file, a section smuggled in, a regular expression that cannot be compiled: semantics.md,
// facts 3 and 4). The error says where: "scrape_configs[2].metrics_path: ...". What
// comes from the site's own configuration may have any form; nothing else may. Pure, any thread.
Result<void> validate_config(const ApplyConfig& config);

}  // namespace promster
