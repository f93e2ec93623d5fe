#pragma once

#include <string>
#include <vector>

#include "base/duration.h"
#include "base/result.h"
#include "core/event.h"
#include "core/labels.h"
#include "prom/http_client.h"

namespace promster {

// Why Prometheus did not do or say what it was asked. `kind` is what callers act upon.
struct PrometheusError {
  enum class Kind {
    kUnreachable,    // no answer in time, or it is starting (503) or a proxy cannot reach it
    kMisconfigured,  // another answer than Prometheus should give us: 401, 403, 404, 405, redirects
    kRefused,        // asked to reload it said no (500); `message` has its words
    kUnreadable,     // an answer that is no Prometheus's
  };
  Kind kind = Kind::kUnreachable;
  int status = 0;  // of HTTP; 0 without an answer
  std::string message;
};

template <class T>
using PrometheusResult = Result<T, PrometheusError>;

// From /api/v1/status/runtimeinfo.
struct RuntimeInfo {
  bool reload_success = false;
  std::string last_config_time;  // RFC 3339, whole seconds
  std::string start_time;        // RFC 3339
};

// From /metrics: how the last reload ended, and when the last successful one did, in unix seconds
// with a fraction that tells any two of them apart (runtimeinfo has whole seconds only).
struct ReloadState {
  bool successful = false;
  double success_time = 0;
};

// From /api/v1/targets.
struct ActiveTarget {
  std::string job;
  std::string instance;
  std::string scrape_url;
  std::string health;      // "up", "down", "unknown"
  std::string discovered;  // __address__ as discovered
  std::string last_error;
};

// One element of an instant vector.
struct Sample {
  Labels labels;
  double value = 0;
};

// Prometheus's HTTP API, as far as promster uses it (prometheus.io/docs, "HTTP API" and "Management
// API"; checked with 2.42).
//
// Thread rule: one thread.
class PrometheusApi {
 public:
  struct Options {
    std::string url;                   // with the route prefix, where there is one
    Duration deadline{10'000};         // for a question
    Duration reload_deadline{30'000};  // for a reload, which loads every rule file
  };
  explicit PrometheusApi(Options options);

  PrometheusResult<void> ready();
  // POST /-/reload. Success says that the files were read and put to use.
  PrometheusResult<void> reload();

  PrometheusResult<RuntimeInfo> runtime_info();
  PrometheusResult<ReloadState> reload_state();
  PrometheusResult<std::string> version();
  // The configuration in use, as YAML with defaults filled in and secrets masked.
  PrometheusResult<std::string> config_yaml();
  PrometheusResult<std::vector<ActiveTarget>> active_targets();
  // When each of our targets was scraped last (prom/scrape_view.h).
  PrometheusResult<ScrapesSeen> active_scrapes();
  // REQUIRES: an expression that yields an instant vector.
  PrometheusResult<std::vector<Sample>> query(const std::string& expr);

 private:
  PrometheusResult<std::string> ask(const HttpRequest& request);
  PrometheusResult<std::string> get(const std::string& path);

  Options options_;
  HttpClient client_;
};

}  // namespace promster
