#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/address.h"
#include "core/prometheus_url.h"
#include "core/render.h"

namespace promster {
namespace {

// Emits `key: "value"`.
void emit_text(YAML::Emitter& out, const char* key, std::string_view value) {
  out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << std::string(value);
}

void emit_list(YAML::Emitter& out, const char* key, std::string_view only_item) {
  out << YAML::Key << key << YAML::Value << YAML::BeginSeq;
  out << YAML::DoubleQuoted << std::string(only_item) << YAML::EndSeq;
}

// %{node} and %{service} are what a node is called in the registry.
std::string label_value(std::string text, const Settings& settings) {
  const std::array<std::pair<std::string_view, std::string_view>, 2> names{
      {{"%{node}", settings.registry.advertise_address},
       {"%{service}", settings.registry.service}}};
  for (const auto& [name, value] : names) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size())) {
      text.replace(at, name.size(), value);
    }
  }
  return text;
}

void emit_external_labels(YAML::Emitter& out, const Settings& settings) {
  out << YAML::Key << "external_labels" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, value] : settings.prometheus.external_labels.pairs()) {
    emit_text(out, name.c_str(), label_value(value, settings));
  }
  out << YAML::EndMap;
}

void emit_global(YAML::Emitter& out, const Settings& settings) {
  out << YAML::Key << "global" << YAML::Value << YAML::BeginMap;
  emit_text(out, "scrape_interval", format_duration(settings.scrape.interval));
  emit_text(out, "scrape_timeout", format_duration(settings.scrape.timeout));
  emit_text(out, "evaluation_interval", format_duration(settings.evaluation_interval));
  if (!settings.prometheus.external_labels.empty()) emit_external_labels(out, settings);
  out << YAML::EndMap;
}

// static_configs with one target, with its instance label where one is given.
void emit_static_target(YAML::Emitter& out, std::string_view address, std::string_view instance) {
  out << YAML::Key << "static_configs" << YAML::Value << YAML::BeginSeq << YAML::BeginMap;
  emit_list(out, "targets", address);
  if (!instance.empty()) {
    out << YAML::Key << "labels" << YAML::Value << YAML::BeginMap;
    emit_text(out, "instance", instance);
    out << YAML::EndMap;
  }
  out << YAML::EndMap << YAML::EndSeq;
}

// Prometheus scrapes itself. As in the original, only its prometheus_* metrics carry the node's
// name as instance (its pull request 11).
void emit_prometheus_job(YAML::Emitter& out, const Settings& settings) {
  const PrometheusUrl url = parse_prometheus_url(settings.prometheus.url).value();
  out << YAML::BeginMap;
  emit_text(out, "job_name", "prometheus");
  if (url.scheme != "http") emit_text(out, "scheme", url.scheme);
  if (url.path != "") emit_text(out, "metrics_path", url.path + "/metrics");
  emit_static_target(out, url.authority, "");
  if (!settings.registry.advertise_address.empty()) {
    out << YAML::Key << "metric_relabel_configs" << YAML::Value << YAML::BeginSeq << YAML::BeginMap;
    emit_list(out, "source_labels", "__name__");
    emit_text(out, "regex", "prometheus_.*");
    emit_text(out, "target_label", "instance");
    emit_text(out, "replacement", settings.registry.advertise_address);
    out << YAML::EndMap << YAML::EndSeq;
  }
  out << YAML::EndMap;
}

// Our own metrics, with honor_labels since promster_foreign_target speaks of other jobs and
// instances, and every second, since the guard of the rules waits for it.
void emit_promster_job(YAML::Emitter& out, const Settings& settings) {
  out << YAML::BeginMap;
  emit_text(out, "job_name", "promster");
  out << YAML::Key << "honor_labels" << YAML::Value << true;
  emit_text(out, "scrape_interval", "1s");
  emit_text(out, "scrape_timeout", "1s");
  if (settings.web.route_prefix != "/") {
    emit_text(out, "metrics_path", settings.web.route_prefix + "/metrics");
  }
  emit_static_target(out, local_address(settings.web.listen_address),
                     settings.registry.advertise_address);
  out << YAML::EndMap;
}

void emit_alerting(YAML::Emitter& out, const std::vector<std::string>& urls) {
  out << YAML::Key << "alerting" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "alertmanagers" << YAML::Value << YAML::BeginSeq;
  for (const std::string& text : urls) {
    const PrometheusUrl url = parse_prometheus_url(text).value();
    out << YAML::BeginMap;
    emit_text(out, "scheme", url.scheme);
    if (!url.path.empty()) emit_text(out, "path_prefix", url.path);
    emit_static_target(out, url.authority, "");
    out << YAML::EndMap;
  }
  out << YAML::EndSeq << YAML::EndMap;
}

void emit_remote_write(YAML::Emitter& out, const std::string& url) {
  out << YAML::Key << "remote_write" << YAML::Value << YAML::BeginSeq << YAML::BeginMap;
  emit_text(out, "url", url);
  out << YAML::EndMap << YAML::EndSeq;
}

bool is_federate(const std::string& path) {
  return path.ends_with("/federate");
}

// The selector of `match[]`. The original pasted the expression between quotes, so its users had to
// double each backslash; no metric name holds one, so a doubled one can only mean that.
std::string match_selector(std::string_view regex) {
  std::string quoted;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    if (regex.substr(i, 2) == "\\\\") ++i;
    if (regex[i] == '\\' || regex[i] == '"') quoted += '\\';
    quoted += regex[i];
  }
  return "{__name__=~\"" + quoted + "\"}";
}

// A federated series that says which service it is of goes on saying so: Prometheus calls that
// exported_prsn, since the level below is a service, too. Rules for the original have that name, so
// it stays beside; of three levels it would be there twice.
void emit_own_prsn(YAML::Emitter& out) {
  out << YAML::Key << "metric_relabel_configs" << YAML::Value << YAML::BeginSeq << YAML::BeginMap;
  emit_list(out, "source_labels", "exported_prsn");
  emit_text(out, "regex", "(.+)");
  emit_text(out, "target_label", "prsn");
  out << YAML::EndMap << YAML::BeginMap;
  emit_text(out, "regex", "exported_(exported_)+prsn");
  emit_text(out, "action", "labeldrop");
  out << YAML::EndMap << YAML::EndSeq;
}

void emit_scrape_job(YAML::Emitter& out, const ScrapeSettings& scrape, const std::string& path,
                     bool match) {
  out << YAML::BeginMap;
  emit_text(out, "job_name", path);
  // Federated samples keep their own timestamps otherwise, and then no stale marker ends them.
  if (is_federate(path)) out << YAML::Key << "honor_timestamps" << YAML::Value << false;
  if (match) {
    out << YAML::Key << "params" << YAML::Value << YAML::BeginMap;
    emit_list(out, "match[]", match_selector(scrape.match_regex));
    out << YAML::EndMap;
  }
  emit_text(out, "metrics_path", path);
  emit_text(out, "scheme", scrape.scheme);
  if (scrape.tls_insecure) {
    out << YAML::Key << "tls_config" << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "insecure_skip_verify" << YAML::Value << true << YAML::EndMap;
  }
  if (!scrape.follow_redirects) out << YAML::Key << "follow_redirects" << YAML::Value << false;
  out << YAML::Key << "file_sd_configs" << YAML::Value << YAML::BeginSeq << YAML::BeginMap;
  emit_list(out, "files", kTargetsFile);
  out << YAML::EndMap << YAML::EndSeq;
  if (is_federate(path)) emit_own_prsn(out);
  out << YAML::EndMap;
}

void emit_scrape_jobs(YAML::Emitter& out, const ScrapeSettings& scrape) {
  const bool any_federate = std::ranges::any_of(scrape.paths, is_federate);
  for (const std::string& path : scrape.paths) {
    const bool match = !scrape.match_regex.empty() && (is_federate(path) || !any_federate);
    emit_scrape_job(out, scrape, path, match);
  }
}

}  // namespace

std::string render_prometheus_yml(const Settings& settings) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  emit_global(out, settings);
  emit_list(out, "rule_files", kRulesFile);
  out << YAML::Key << "scrape_configs" << YAML::Value << YAML::BeginSeq;
  emit_prometheus_job(out, settings);
  emit_promster_job(out, settings);
  emit_scrape_jobs(out, settings.scrape);
  out << YAML::EndSeq;
  const PrometheusSettings& prometheus = settings.prometheus;
  if (!prometheus.alertmanager_urls.empty()) emit_alerting(out, prometheus.alertmanager_urls);
  if (!prometheus.remote_write_url.empty()) emit_remote_write(out, prometheus.remote_write_url);
  out << YAML::EndMap;
  return std::string(kWrittenByUs) + out.c_str() + "\n";
}

ApplyConfig render_config(const Settings& settings, const BaseConfig& base) {
  ApplyConfig config{.prometheus_yml = render_prometheus_yml(settings),
                     .rules_yml = render_rules_yml(settings),
                     .base = base};
  if (!settings.prometheus.alertmanager_urls.empty()) config.sections.push_back("alerting");
  if (!settings.prometheus.remote_write_url.empty()) config.sections.push_back("remote_write");
  if (!base.given()) return config;
  const PrometheusSettings& prometheus = settings.prometheus;
  const auto same = same_intervals(prometheus.base, base, prometheus.base_intervals);
  if (!same) return {.base = base, .fault = same.error().message};
  auto merged = merge_into_base(base, config.prometheus_yml);
  if (!merged) return {.base = base, .fault = merged.error().message};
  config.prometheus_yml = *std::move(merged);
  return config;
}

ApplyConfig render_bare_config(const Settings& settings) {
  Settings bare = settings;
  bare.rules.clear();
  bare.alerts.clear();
  return render_config(bare, {});
}

}  // namespace promster
