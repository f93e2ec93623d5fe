#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "core/target_health.h"
#include "core/target_limits.h"

namespace promster {

struct TargetHealthOptions {
  Duration deadline{2000};           // of each owner
  std::size_t most_owners = 256;     // of one question; the others are said not to have been asked
  std::size_t most_body = 16 << 20;  // bytes of an answer, and
  std::size_t most_bodies = 64 << 20;  // of all answers together: each may have its part of it
  TargetLimits limits;  // whom not to ask: names come from etcd (semantics.md, row 54)
};

// Asks the owners' Prometheus servers, all at once: an instant query each (POST /api/v1/query) of
// `up` of the jobs that are named by a path, and with addresses also when and how long they were
// scraped. Of several jobs (paths) that scrape an address the worst counts. The words of the last
// error are read from /api/v1/targets. No redirect is followed. REQUIRES: each owner is named once.
// Blocks; any thread.
HealthAnswer ask_target_health(const TargetHealthOptions& options,
                               const std::vector<HealthQuestion>& questions);

// The query for a question (prometheus.io/docs, "Querying basics"). Pure, any thread.
std::string health_query(const HealthQuestion& question);

// What a query said, by address; nullopt where the answer is no Prometheus's. Pure, any thread.
std::optional<std::map<std::string, TargetHealth>> read_health(std::string_view answer);

// The last error of a job that scrapes this address, out of the answer of /api/v1/targets; empty
// where there is none. Pure, any thread.
std::string read_last_error(std::string_view answer, std::string_view address);

}  // namespace promster
