#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "core/cidr.h"
#include "core/settings.h"
#include "core/target.h"

namespace promster {

// Link-local (where clouds have their metadata service), unspecified, multicast and broadcast
// addresses: no target is there, and who can write to etcd should not reach them through us.
std::vector<Cidr> default_denied_ranges();

// Which of the targets in etcd are scraped, and how long that may take. Plain data.
struct TargetLimits {
  std::vector<Cidr> allow;  // empty: all but what is denied
  std::vector<Cidr> deny = default_denied_ranges();
  std::size_t most = 2'000'000;  // targets; of more the first by key
  Duration timeout{30'000};      // of a scrape
};

// What the settings say; without a list of denied ranges, the default one.
// REQUIRES: checked settings, whose ranges can be read.
TargetLimits target_limits(const ScrapeSettings& settings);

// Why a target at host:port may not be scraped, with the mend; nothing: it may. A denied range
// beats an allowed one. A name is denied where there is a list of allowed ranges, since only
// Prometheus learns, at each scrape anew, what address it stands for. Pure, any thread.
std::optional<std::string> denied_target(std::string_view host_port, const TargetLimits& limits);

// Gives a target that has an interval of its own a timeout where that of its job would be longer,
// which Prometheus refuses. Pure, any thread.
void fit_timeout(Target& target, Duration timeout);

}  // namespace promster
