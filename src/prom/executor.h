#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "core/plan.h"
#include "core/validate.h"
#include "prom/config_store.h"
#include "prom/prometheus_api.h"
#include "prom/promtool.h"
#include "prom/reload.h"

namespace promster {

struct ExecutorOptions {
  std::string config_dir;
  PrometheusApi::Options prometheus;
  ReloadOptions reload;
  PromtoolOptions promtool;  // its config_dir is ours
  std::function<Result<void>(const ApplyConfig&)> validate = validate_config;

  // The usual ones: a Prometheus at settings.url which reads settings.config_dir.
  static ExecutorOptions from(const PrometheusSettings& settings);
};

// Makes the disk and Prometheus agree with a plan.
//
// A configuration is validated by us, then by promtool, before anything is written, and before a
// reload that was asked for or that other files of rules of the site call for (the stamp of the
// base), since Prometheus would load what is broken in part (what passed is not checked again while
// Prometheus cannot be asked); then both files are replaced,
// Prometheus reloads, and is asked whether it runs what was meant. Where it refuses (which stops
// part of its scraping: semantics.md, fact 3) the last good files are put back and loaded at once.
// Where it refuses since it runs as another user and cannot read what is as private as the site's
// own file, everybody may read it from then on, and a warning says so. Where it cannot be asked the
// files stay and the outcome is kPending: executing the same again asks again. Targets are one
// file, which Prometheus watches; they cause no reload.
//
// Thread rule: one thread. execute() blocks: milliseconds for targets, up to a minute for a
// configuration when Prometheus hangs.
class Executor {
 public:
  // `log` must outlive the executor.
  Executor(ExecutorOptions options, const Log& log);

  // Targets are written before the configuration is touched, since a reload may take long.
  Outcome execute(const Plan& plan);

 private:
  ConfigOutcome apply(const ApplyConfig& config);
  std::optional<ConfigOutcome> objection(const ApplyConfig& config);
  bool loaded_before(const ApplyConfig& config);
  bool stays_in_use(const ApplyConfig& config);
  ReloadOutcome reload(const ApplyConfig& config);
  bool unreadable(const std::string& words) const;
  void warn_of_exposure(const ApplyConfig& config);
  void settle(const ApplyConfig& config, ConfigOutcome& outcome);
  PrometheusResult<void> verify(const ApplyConfig& config);
  void accepted(const ApplyConfig& config, ConfigOutcome& outcome);
  void roll_back(const ApplyConfig& config, std::string words, ConfigOutcome& outcome);

  ExecutorOptions options_;
  const Log& log_;
  ConfigStore store_;
  Promtool promtool_;
  PrometheusApi api_;
  std::optional<ApplyConfig> accepted_;  // what Prometheus was seen to run last
  // Of the site's files of rules that it runs; nullopt where it may have loaded others meanwhile.
  std::optional<std::string> accepted_stamp_;
  std::optional<ApplyConfig> passed_;  // not objected to, and not loaded yet
  bool written_ = false;               // whether we ever replaced a file of the configuration
  bool exposure_told_ = false;         // that more people may read prometheus.yml
  std::string promtool_warning_;       // the last one, so that it is not repeated
};

}  // namespace promster
