#pragma once

#include <string>

#include "base/duration.h"
#include "core/settings.h"
#include "prom/prometheus_api.h"
#include "prom/prometheus_pid.h"

namespace promster {

struct ReloadOptions {
  ReloadMethod method = ReloadMethod::kAuto;
  FindPrometheusOptions process;  // whom a signal goes to
  Duration signal_limit{10'000};  // how long to wait for the end of a reload asked for by signal
};

// What came of a reload. kUnreachable: it could not be asked, or did not finish in time.
struct ReloadOutcome {
  enum class Kind { kDone, kRefused, kUnreachable, kMisconfigured };
  Kind kind = Kind::kUnreachable;
  std::string words;   // Prometheus's, or why it could not be asked; empty where done
  bool asked = false;  // a request or a signal was sent
};

// Makes Prometheus read its files again: by POST /-/reload, or by SIGHUP, which works where its
// lifecycle API is off. kAuto asks by HTTP first, and by signal where HTTP is not allowed (403,
// 404, 405).
//
// A signal has no answer. How the reload ended is read from Prometheus's own metrics, before and
// after: a new prometheus_config_last_reload_success_timestamp_seconds says that it succeeded (it
// has a fraction; runtimeinfo's lastConfigTime has whole seconds and cannot tell two reloads of one
// second apart), prometheus_config_last_reload_successful falling to 0 that it was refused. Where
// it was 0 before, a second refusal changes nothing: no success by the end of `signal_limit` then
// counts as one. The reason of a refusal is only in Prometheus's log. Prometheus is signalled only
// once it has answered, since one that is starting may not handle SIGHUP yet and would die of it.
//
// Thread rule: that of the api, which must outlive the call.
ReloadOutcome reload_prometheus(PrometheusApi& api, const ReloadOptions& options);

}  // namespace promster
