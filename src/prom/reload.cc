#include "prom/reload.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>

namespace promster {
namespace {

using Kind = ReloadOutcome::Kind;

constexpr Duration kBetweenLooks{50};

ReloadOutcome from_error(const PrometheusError& error, bool asked) {
  switch (error.kind) {
    case PrometheusError::Kind::kRefused:
      return {Kind::kRefused, error.message, asked};
    case PrometheusError::Kind::kMisconfigured:
      return {Kind::kMisconfigured, error.message, asked};
    case PrometheusError::Kind::kUnreachable:
    case PrometheusError::Kind::kUnreadable:
      break;
  }
  return {Kind::kUnreachable, error.message, asked};
}

// Prometheus can only be polled. Nothing it says in between ends the wait: it may be too busy with
// the reload to answer.
ReloadOutcome wait_for_end(PrometheusApi& api, const ReloadState& before, Duration limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::string last = "it does not reload at a signal";
  while (std::chrono::steady_clock::now() < deadline) {
    const auto now = api.reload_state();
    if (now && now->success_time != before.success_time)
      return {.kind = Kind::kDone, .asked = true};
    if (now && before.successful && !now->successful) break;
    if (!now) last = now.error().message;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  const auto state = api.reload_state();
  if (state && !state->successful) {
    return {Kind::kRefused, "refused at a signal; the reason is in Prometheus's log", true};
  }
  return {Kind::kUnreachable, "wait for the reload: " + last, true};
}

ReloadOutcome by_signal(PrometheusApi& api, const ReloadOptions& options) {
  if (const auto ready = api.ready(); !ready) return from_error(ready.error(), false);
  const auto before = api.reload_state();
  if (!before) return from_error(before.error(), false);
  const auto pid = find_prometheus(options.process);
  if (!pid) return {Kind::kMisconfigured, "signal Prometheus: " + pid.error().message, false};
  if (::kill(*pid, SIGHUP) != 0) {
    const auto why = std::generic_category().message(errno);
    return {Kind::kMisconfigured, "signal Prometheus (pid " + std::to_string(*pid) + "): " + why,
            false};
  }
  return wait_for_end(api, *before, options.signal_limit);
}

bool http_is_not_allowed(const PrometheusError& error) {
  return error.status == 403 || error.status == 404 || error.status == 405;
}

ReloadOutcome by_http(PrometheusApi& api) {
  const auto reloaded = api.reload();
  if (reloaded) return {.kind = Kind::kDone, .asked = true};
  ReloadOutcome outcome = from_error(reloaded.error(), true);
  if (http_is_not_allowed(reloaded.error())) {
    outcome.words +=
        "; try: start Prometheus with --web.enable-lifecycle, or --prometheus.reload-method=signal";
  }
  return outcome;
}

}  // namespace

ReloadOutcome reload_prometheus(PrometheusApi& api, const ReloadOptions& options) {
  if (options.method == ReloadMethod::kSignal) return by_signal(api, options);
  if (options.method == ReloadMethod::kHttp) return by_http(api);
  const auto reloaded = api.reload();
  if (reloaded) return {.kind = Kind::kDone, .asked = true};
  if (!http_is_not_allowed(reloaded.error())) return from_error(reloaded.error(), true);
  ReloadOutcome outcome = by_signal(api, options);
  if (outcome.kind == Kind::kMisconfigured) {
    outcome.words = reloaded.error().message + "; " + outcome.words +
                    "; try: start Prometheus with --web.enable-lifecycle";
  }
  return outcome;
}

}  // namespace promster
