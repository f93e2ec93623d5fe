#include "prom/probe.h"

#include <chrono>
#include <optional>
#include <tuple>
#include <utility>

#include "prom/prometheus_api.h"

namespace promster {
namespace {

// `last` gives the version, which one process keeps as long as it stays ready.
PrometheusSeen look(PrometheusApi& api, const std::optional<PrometheusSeen>& last) {
  PrometheusSeen seen;
  const auto ready = api.ready();
  seen.ready = ready.ok();
  if (!ready) {
    seen.reason = ready.error().message;
    return seen;
  }
  if (last && last->ready) seen.version = last->version;
  if (seen.version.empty()) {
    if (auto version = api.version()) seen.version = std::move(*version);
  }
  return seen;
}

bool same(const PrometheusSeen& a, const PrometheusSeen& b) {
  return std::tie(a.ready, a.reason, a.version) == std::tie(b.ready, b.reason, b.version);
}

}  // namespace

void watch_prometheus(const ProbeOptions& options, Inbox<Event>& inbox, std::stop_token stop) {
  PrometheusApi api({.url = options.url, .deadline = options.timeout});
  Inbox<int> pause;  // nothing comes in it: it is what a stop wakes us by
  const std::stop_callback wake(std::move(stop), [&pause] { pause.close(); });
  std::optional<PrometheusSeen> last;
  while (!pause.closed()) {
    const auto next = std::chrono::steady_clock::now() + options.interval;
    PrometheusSeen seen = look(api, last);
    if (!last || !same(*last, seen)) inbox.push(seen);
    last = std::move(seen);
    pause.wait_until(next);
  }
}

}  // namespace promster
