#include "prom/executor.h"

#include <chrono>
#include <ctime>
#include <utility>

#include "core/render.h"
#include "prom/config_match.h"
#include "prom/prometheus_pid.h"
#include "prom/read_access.h"

namespace promster {
namespace {

using Kind = ConfigOutcome::Kind;

// A load that ended so long after the files were put in place also began after that.
constexpr std::chrono::seconds kLoadMargin{10};

Duration since(SteadyTime start) {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
}

bool same_bytes(const ApplyConfig& a, const ApplyConfig& b) {
  return a.prometheus_yml == b.prometheus_yml && a.rules_yml == b.rules_yml;
}

// "2026-11-22T19:57:59Z", to the second.
std::optional<std::chrono::sys_seconds> parse_time(const std::string& text) {
  std::tm parts{};
  if (::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

PromtoolOptions in_directory(PromtoolOptions options, const std::string& config_dir) {
  options.config_dir = config_dir;
  return options;
}

}  // namespace

ExecutorOptions ExecutorOptions::from(const PrometheusSettings& settings) {
  ExecutorOptions options{.config_dir = settings.config_dir, .prometheus = {.url = settings.url}};
  options.reload = {.method = settings.reload_method,
                    .process = {.url = settings.url,
                                .pid_file = settings.config_dir + "/prometheus.pid",
                                .program = settings.binary}};
  return options;
}

Executor::Executor(ExecutorOptions options, const Log& log)
    : options_(std::move(options)),
      log_(log),
      store_(options_.config_dir),
      promtool_(in_directory(options_.promtool, options_.config_dir)),
      api_(options_.prometheus),
      accepted_stamp_(store_.good_stamp()) {}

Outcome Executor::execute(const Plan& plan) {
  Outcome outcome;
  if (plan.targets) {
    const auto start = std::chrono::steady_clock::now();
    outcome.targets = TargetsOutcome{.written = store_.put_targets(plan.targets->targets_json)};
    outcome.targets->took = since(start);
  }
  if (plan.config) {
    const auto start = std::chrono::steady_clock::now();
    outcome.config = apply(*plan.config);
    outcome.config->took = since(start);
  }
  return outcome;
}

ConfigOutcome Executor::apply(const ApplyConfig& config) {
  if (!config.fault.empty()) {
    return {.kind = Kind::kRejected, .who = "promster", .reason = config.fault};
  }
  const bool on_disk = store_.holds(config);
  const bool as_it_was = on_disk && !config.force_reload && config.base.stamp == accepted_stamp_;
  if (as_it_was && accepted_ && same_bytes(*accepted_, config)) return {.kind = Kind::kUnchanged};
  ConfigOutcome outcome;
  if (as_it_was && loaded_before(config)) {
    accepted(config, outcome);
    return outcome;
  }
  if (!as_it_was) {
    if (auto refusal = objection(config)) {
      refusal->good_one_stays = refusal->kind == Kind::kRejected && stays_in_use(config);
      return *refusal;
    }
  }
  if (!on_disk) {
    auto put = store_.put(config);
    if (!put) return {.kind = Kind::kFailed, .reason = put.error().message};
    outcome.files_written = std::move(*put);
    written_ = true;
    warn_of_exposure(config);
  }
  settle(config, outcome);
  return outcome;
}

// What we or promtool have against it; nothing was written where there is something.
std::optional<ConfigOutcome> Executor::objection(const ApplyConfig& config) {
  if (passed_ && same_bytes(*passed_, config) && passed_->base.stamp == config.base.stamp &&
      (passed_->force_reload || !config.force_reload)) {
    return std::nullopt;
  }
  passed_.reset();
  if (const auto valid = options_.validate(config); !valid) {
    return ConfigOutcome{
        .kind = Kind::kRejected, .who = "promster", .reason = valid.error().message};
  }
  const auto verdict = promtool_.check(config);
  if (!verdict) return ConfigOutcome{.kind = Kind::kFailed, .reason = verdict.error().message};
  if (verdict->kind == PromtoolVerdict::Kind::kRefuses) {
    return ConfigOutcome{.kind = Kind::kRejected,
                         .who = "promtool",
                         .reason = promtool_.words_on_base(config).value_or(verdict->words)};
  }
  const bool unavailable = verdict->kind == PromtoolVerdict::Kind::kUnavailable;
  if (unavailable && verdict->words != promtool_warning_) {
    promtool_warning_ = verdict->words;
    log_.warning("configuration not checked by promtool", {{"reason", verdict->words}});
  }
  passed_ = config;
  return std::nullopt;
}

// An agent that starts anew need not disturb a Prometheus which loaded these very files long after
// they were put in place. Once we have written ourselves, only a reload tells. REQUIRES: the site's
// files of rules are those that were accepted last.
bool Executor::loaded_before(const ApplyConfig& config) {
  const auto changed = store_.changed_at();
  if (written_ || accepted_ || !changed) return false;
  const auto info = api_.runtime_info();
  const auto loaded = info ? parse_time(info->last_config_time) : std::nullopt;
  return loaded && *loaded >= *changed + kLoadMargin && verify(config).ok();
}

// Whether Prometheus runs the bytes that are refused now, since the site's files of rules became
// others while no agent ran: it loaded them before that, and reads them at a reload alone.
bool Executor::stays_in_use(const ApplyConfig& config) {
  if (written_ || accepted_ || !store_.has_bytes(config)) return false;
  return store_.good_since_put(config) ? verify(config).ok() : loaded_before(config);
}

void Executor::warn_of_exposure(const ApplyConfig& config) {
  if (!store_.exposed_to_more() || std::exchange(exposure_told_, true)) return;
  log_.warning("prometheus.yml is mounted by itself and not ours; more people may read it than " +
               config.base.file + "; try: give it that file's owner, group and mode");
}

// Whether Prometheus refused what it could not read.
bool Executor::unreadable(const std::string& words) const {
  const std::string file(kPrometheusFile);
  if (words.find(file + ": permission denied") != words.npos) return true;
  const auto process = find_prometheus(options_.reload.process);
  return process && surely_cannot_read(*process, options_.config_dir + "/" + file);
}

ReloadOutcome Executor::reload(const ApplyConfig& config) {
  using Reload = ReloadOutcome::Kind;
  const ReloadOutcome first = reload_prometheus(api_, options_.reload);
  if (first.kind != Reload::kRefused || !unreadable(first.words)) return first;
  if (!store_.open_to_all(config)) return first;
  ReloadOutcome second = reload_prometheus(api_, options_.reload);
  if (second.kind == Reload::kRefused && unreadable(second.words)) {
    store_.close_again();
    second.words += "; may its user read " + config.base.file + "? try: chgrp prometheus " +
                    config.base.file + "; chmod 640 " + config.base.file;
    return second;
  }
  log_.warning("Prometheus runs as another user, and could not read prometheus.yml as private as " +
               config.base.file + "; now everybody may read it; try: chgrp prometheus " +
               config.base.file + "; chmod 640 " + config.base.file);
  return second;
}

// The files are in place: makes Prometheus load them.
void Executor::settle(const ApplyConfig& config, ConfigOutcome& outcome) {
  if (accepted_stamp_ != config.base.stamp) accepted_stamp_.reset();
  const ReloadOutcome asked = reload(config);
  outcome.reloaded = asked.asked;
  if (asked.kind == ReloadOutcome::Kind::kRefused) return roll_back(config, asked.words, outcome);
  if (asked.kind != ReloadOutcome::Kind::kDone) {
    accepted_.reset();
    outcome.kind = Kind::kPending;
    outcome.who = "prometheus";
    outcome.reason = asked.words;
    return;
  }
  const auto verified = verify(config);
  if (verified) return accepted(config, outcome);
  if (verified.error().kind == PrometheusError::Kind::kRefused) {
    return roll_back(config, verified.error().message, outcome);
  }
  accepted_.reset();
  outcome.kind = Kind::kPending;
  outcome.who = "prometheus";
  outcome.reason = verified.error().message;
}

// Whether Prometheus runs what was meant. kRefused says that it does not; any other error that it
// could not be asked.
PrometheusResult<void> Executor::verify(const ApplyConfig& config) {
  const auto info = api_.runtime_info();
  if (!info) return info.error();
  if (!info->reload_success) {
    return PrometheusError{.kind = PrometheusError::Kind::kRefused,
                           .message = "its last reload failed; the reason is in its log"};
  }
  const auto reported = api_.config_yaml();
  if (!reported) return reported.error();
  const auto same = config_matches(config.prometheus_yml, config.base.text, *reported);
  if (same) return {};
  return PrometheusError{
      .kind = PrometheusError::Kind::kRefused,
      .message = "does not run what was written to " + options_.config_dir +
                 "/prometheus.yml (is that its --config.file?): " + same.error().message};
}

void Executor::accepted(const ApplyConfig& config, ConfigOutcome& outcome) {
  outcome.kind = Kind::kAccepted;
  passed_.reset();
  accepted_ = config;
  accepted_stamp_ = config.base.stamp;
  if (const auto kept = store_.remember_good(config); !kept) {
    log_.warning("last good configuration not kept", {{"reason", kept.error().message}});
  }
}

void Executor::roll_back(const ApplyConfig& config, std::string words, ConfigOutcome& outcome) {
  passed_.reset();
  accepted_.reset();
  outcome.kind = Kind::kRejected;
  outcome.who = "prometheus";
  outcome.reason = std::move(words);
  const auto back = store_.go_back_from(config);
  if (!back) {
    outcome.kind = Kind::kFailed;  // to be tried again soon: the refused files are still there
    outcome.reason += "; restore the old files: " + back.error().message;
    return;
  }
  const ConfigFiles old = *back ? (*back)->files : ConfigFiles{};
  if (!old.prometheus_yml) return;  // there is nothing that it could load instead
  const ReloadOutcome again = reload(config);
  if (again.kind != ReloadOutcome::Kind::kDone) {
    // Where it was not heard, part of the refused configuration may be in use: to be tried again
    // soon.
    if (again.kind == ReloadOutcome::Kind::kUnreachable) outcome.kind = Kind::kFailed;
    outcome.reason += "; reload the old files: " + again.words;
  } else if (old.rules_yml) {
    accepted_ = ApplyConfig{*old.prometheus_yml, *old.rules_yml};
  }
}

}  // namespace promster
