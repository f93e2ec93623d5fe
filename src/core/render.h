#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "core/plan.h"
#include "core/settings.h"
#include "core/target.h"

// State -> files. Equal input gives equal bytes. Every text that comes from a user goes through an
// emitter that quotes it, never through concatenation. Paths in the files are relative to the
// folder of prometheus.yml, so that the same bytes can be checked in another folder. Pure, any
// thread.
namespace promster {

inline constexpr std::string_view kPrometheusFile = "prometheus.yml";
inline constexpr std::string_view kRulesFile = "rules.yml";
inline constexpr std::string_view kTargetsFile = "sd/targets.json";

// The first line of prometheus.yml.
inline constexpr std::string_view kWrittenByUs =
    "# Written by promster; changes here are overwritten.\n";

// Both files of a configuration, with the site's own merged into prometheus.yml where there is one
// (core/base_config.h); where it cannot be, the fault says why. REQUIRES: checked settings.
ApplyConfig render_config(const Settings& settings, const BaseConfig& base);

// The same without rules, alerts and the site's own: what is left where those are refused.
ApplyConfig render_bare_config(const Settings& settings);

// prometheus.yml without the site's: global settings, the job `prometheus` (itself), the job
// `promster` (this node's own metrics, every second, among them promster_foreign_target), and one
// job a scrape path, named after it; and where there are any, Alertmanagers and a remote_write.
// `match[]` is set on paths that end in /federate, or on all of them where none does. Format:
// prometheus.io/docs, "Configuration". REQUIRES: checked settings.
std::string render_prometheus_yml(const Settings& settings);

// rules.yml: a group `env-rules-<n>` (core/rule_phase.h) with the recording rules and a group
// `env-alerts-<n>` with the alerts, where there are any, guarded where they are to be
// (core/ownership_guard.h).
std::string render_rules_yml(const Settings& settings);

// sd/targets.json (prometheus.io/docs, <file_sd_config>): one group a label set, in the order of
// the labels; addresses in order, each once. Without targets one group that has none: an empty list
// followed by a reload would leave ghosts in Prometheus 2.42.
std::string render_targets_json(std::span<const Target* const> targets);

// Whether any rule or alert is guarded.
bool any_rule_guarded(const Settings& settings);
// How far back the guarded ones look, the longest range and offset of all; zero without any.
Duration longest_guarded_range(const Settings& settings);
// How far back all of them look, guarded or not.
Duration longest_range(const Settings& settings);

}  // namespace promster
