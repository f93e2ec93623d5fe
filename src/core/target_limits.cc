#include "core/target_limits.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace promster {
namespace {

bool in_any(const std::vector<Cidr>& ranges, const IpAddress& address) {
  return std::ranges::any_of(ranges, [&](const Cidr& range) { return range.contains(address); });
}

std::vector<Cidr> ranges_of(const std::vector<std::string>& texts) {
  auto ranges = parse_cidrs(texts);
  if (!ranges) std::abort();
  return *std::move(ranges);
}

}  // namespace

std::vector<Cidr> default_denied_ranges() {
  return ranges_of({"0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255",
                    "::", "fe80::/10", "ff00::/8"});
}

TargetLimits target_limits(const ScrapeSettings& settings) {
  TargetLimits limits{.allow = ranges_of(settings.allow_cidr)};
  if (!settings.deny_cidr.empty()) limits.deny = ranges_of(settings.deny_cidr);
  limits.most = static_cast<std::size_t>(settings.max_targets);
  limits.timeout = settings.timeout;
  return limits;
}

void fit_timeout(Target& target, Duration timeout) {
  const std::string* own = target.labels.find("__scrape_interval__");
  const auto interval = own == nullptr ? Result<Duration>(timeout) : parse_duration(*own);
  if (!interval || *interval >= timeout) return;
  target.labels.set("__scrape_timeout__", format_duration(*interval));
}

std::optional<std::string> denied_target(std::string_view host_port, const TargetLimits& limits) {
  const auto because = [&](std::string_view reason) {
    return "\"" + printable(host_port) + "\" " + std::string(reason);
  };
  const auto address = read_ip(host_port.substr(0, host_port.rfind(':')));
  if (address && in_any(limits.deny, *address)) {
    return because(
        "is in a range that is never scraped; register another address, or change "
        "--scrape.deny-cidr");
  }
  if (limits.allow.empty() || (address && in_any(limits.allow, *address))) return std::nullopt;
  if (address) {
    return because(
        "is in no range that may be scraped; register another address, or add it to "
        "--scrape.allow-cidr");
  }
  return because(
      "is a name, and only the ranges of --scrape.allow-cidr may be scraped; register its address");
}

}  // namespace promster
