#pragma once

#include <optional>
#include <string_view>

#include "core/event.h"

namespace promster {

// Reads the answer of Prometheus's /api/v1/targets (prometheus.io/docs, "HTTP API": "Targets"), as
// far as it speaks of the jobs that scrape targets of ours, which are named by their path: "/...".
// nullopt where the answer is no such thing, or lacks what is wanted of one target.
//
// One pass that builds no tree: 10,000 targets are 6 MB. Pure, any thread.
std::optional<ScrapesSeen> read_scrapes(std::string_view answer);

// Unix seconds of a time as Go writes it (RFC 3339, with up to nine digits behind the point):
// "2026-01-02T03:04:05.678901234+01:00". Pure, any thread.
std::optional<double> parse_go_time(std::string_view text);

}  // namespace promster
