#pragma once

#include <string_view>

#include "base/result.h"

namespace promster {

// Whether the configuration that Prometheus reports (/api/v1/status/config) is the one we meant:
// `meant_yaml`, into which `base_yaml`, a site's own, was merged (empty: there is none).
//
// The report has defaults filled in, empty and false settings left out, durations in normal form,
// relative paths resolved against the directory of its file, and secrets masked; so everything that
// is ours must be there in some such form. A setting that we do not mention may have any value.
//
// What a site wrote may have more normal forms than anybody knows (`action: Keep`, "${HOSTNAME}"),
// and Prometheus has just said that it is valid; a refusal would take a good configuration back. So
// of the site's only what has one form is compared: how many rule files, jobs, Alertmanagers,
// remote writes and reads there are, in all, and of each job its name, intervals, path and fixed
// targets. That is enough to tell another file, and nearly always an older version of this one.
//
// The error names the first difference: "scrape_configs[1].metrics_path: Prometheus has /metrics".
// Checked with Prometheus 2.42. Pure, any thread.
Result<void> config_matches(std::string_view meant_yaml, std::string_view base_yaml,
                            std::string_view reported_yaml);

}  // namespace promster
