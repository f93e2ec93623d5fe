#pragma once

#include <string_view>

#include "base/result.h"

namespace promster {

// Whether the configuration that Prometheus reports (/api/v1/status/config) is the one we meant.
// The report has defaults filled in, empty and false settings left out, durations in normal form,
// relative paths resolved against the directory of its file, and secrets masked; so everything we
// meant must be there in some such form, lists must be equally long, and no section or list entry
// may be there that we did not mean. A setting that we do not mention may have any value.
//
// The error names the first difference: "scrape_configs[1].metrics_path: Prometheus has /metrics".
// Checked with Prometheus 2.42. Pure, any thread.
Result<void> config_matches(std::string_view meant_yaml, std::string_view reported_yaml);

}  // namespace promster
