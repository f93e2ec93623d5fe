#include "web/metrics.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/version.h"
#include "core/ownership_guard.h"
#include "web/exposition.h"

namespace promster {
namespace {

using Families = std::vector<MetricFamily>;
using Counts = std::map<std::string, std::uint64_t>;

constexpr std::array kFiles{"prometheus.yml", "rules.yml", "sd/targets.json"};
constexpr std::array kReloadResults{"accepted", "rejected", "failed"};

double number(std::uint64_t value) {
  return static_cast<double>(value);
}
double number(bool value) {
  return value ? 1 : 0;
}

MetricFamily gauge(std::string name, std::string help, std::vector<MetricSample> samples) {
  return {std::move(name), std::move(help), MetricType::kGauge, std::move(samples)};
}

MetricFamily gauge(std::string name, std::string help, double value) {
  return gauge(std::move(name), std::move(help), {MetricSample{.labels = {}, .value = value}});
}

MetricFamily counter(std::string name, std::string help, std::vector<MetricSample> samples) {
  return {std::move(name), std::move(help), MetricType::kCounter, std::move(samples)};
}

MetricFamily counter(std::string name, std::string help, double value) {
  return counter(std::move(name), std::move(help), {MetricSample{.labels = {}, .value = value}});
}

MetricFamily histogram(std::string name, std::string help, std::vector<MetricSample> samples) {
  return {std::move(name), std::move(help), MetricType::kHistogram, std::move(samples)};
}

// One sample for each entry, its key being the value of `label`.
std::vector<MetricSample> by(const std::string& label, const Counts& counts) {
  std::vector<MetricSample> samples;
  for (const auto& [key, count] : counts) {
    samples.push_back({.labels = {{label, key}}, .value = number(count)});
  }
  return samples;
}

// A counter that may come to count these is there from the start, at 0: what it first counts would
// be no increase otherwise.
Counts from_zero(Counts counts, std::span<const char* const> keys) {
  for (const char* key : keys) counts.try_emplace(key, 0);
  return counts;
}

std::string algorithm(const Snapshot& snapshot) {
  if (!snapshot.sharding) return "none";
  return snapshot.algorithm.empty() ? "unknown" : snapshot.algorithm;
}

void append_node(Families& families, const Snapshot& snapshot) {
  families.push_back(gauge("promster_build_info", "Always 1; the labels say what is running.",
                           {{.labels = {{"version", kVersion}}, .value = 1}}));
  families.push_back(gauge("promster_info",
                           "Always 1; the labels say which node of which service this is.",
                           {{.labels = {{"service", snapshot.service},
                                        {"node", snapshot.node},
                                        {"algorithm", algorithm(snapshot)}},
                             .value = 1}}));
  families.push_back(gauge("promster_ready", "Whether the node does its work; /-/ready says more.",
                           number(snapshot.ready())));
  const auto draining = static_cast<std::uint64_t>(
      std::ranges::count(snapshot.members, MemberState::kDraining, &Member::state));
  families.push_back(
      gauge("promster_members", "Nodes in the registry, this one among them.",
            by("state", {{"active", snapshot.members.size() - draining}, {"draining", draining}})));
  families.push_back(gauge("promster_members_kept",
                           "Nodes that are gone from the registry, but keep their share since "
                           "they answer.",
                           number(snapshot.kept_members.size())));
  families.push_back(counter("promster_membership_changes_total",
                             "Nodes that came to the registry or went.",
                             by("change", snapshot.membership_changes)));
}

// Only 52 bits of the checksum: a sample is a float64, which holds 53 exactly.
double checksum(std::uint64_t value) {
  return number(value & ((std::uint64_t{1} << 52) - 1));
}

void append_targets(Families& families, const Snapshot& snapshot) {
  families.push_back(gauge("promster_targets_discovered", "Targets that etcd names.",
                           number(snapshot.targets_discovered)));
  families.push_back(gauge("promster_shard_replicas", "Nodes that own each target.",
                           number(snapshot.owners_each)));
  families.push_back(gauge("promster_targets_assigned",
                           "Targets in the target file of this node, those that change hands and "
                           "those that are held among them.",
                           number(snapshot.targets_assigned)));
  families.push_back(gauge("promster_targets_counted",
                           "Targets that etcd names and that the rules of this node count.",
                           number(snapshot.targets_counted)));
  families.push_back(gauge("promster_targets_held",
                           "Targets that are gone from etcd, too suddenly to believe it, and "
                           "are scraped on.",
                           number(snapshot.held_targets.size())));
  families.push_back(gauge("promster_targets_rejected", "Entries of etcd that cannot be used.",
                           by("reason", snapshot.targets_rejected)));
  families.push_back(gauge("promster_targets_handing_over",
                           "Targets that change hands: scraped, but not yet or not any more ours.",
                           number(snapshot.targets_handing_over)));
  families.push_back(counter("promster_target_moves_total",
                             "Targets that this node took over (in) or gave up (out).",
                             by("direction", snapshot.target_moves)));
  families.push_back(gauge("promster_shard_imbalance_ratio",
                           "Targets of the most loaded node over the mean of all nodes.",
                           snapshot.imbalance));
  families.push_back(gauge("promster_assignment_checksum",
                           "A hash of who owns what, equal on nodes that agree.",
                           checksum(snapshot.assignment_checksum)));
  families.push_back(histogram("promster_assignment_duration_seconds",
                               "Time to compute who owns what.",
                               {{.labels = {}, .histogram = snapshot.assignment_seconds}}));
}

// The same target in a list twice would make two equal series, which a scrape must not have.
void append_foreign_targets(Families& families, const Snapshot& snapshot) {
  std::vector<MetricSample> samples;
  const JobInstance* before = nullptr;
  for (const JobInstance& target : snapshot.foreign_targets) {
    if (before == nullptr || *before != target) {
      samples.push_back(
          {.labels = {{"job", target.job}, {"instance", target.instance}}, .value = 1});
    }
    before = &target;
  }
  families.push_back(gauge(std::string(kForeignTargetMetric),
                           "Targets that Prometheus scrapes here but another node counts.",
                           std::move(samples)));
}

double age_of(const SourceSnapshot& source, SteadyTime now) {
  if (!source.lost) return 0;
  return std::max(0.0, std::chrono::duration<double>(now - *source.lost).count());
}

void append_etcd(Families& families, const Snapshot& snapshot, SteadyTime now) {
  std::vector<MetricSample> up, age, revision, restarts, calls;
  const std::array<std::pair<const char*, const SourceSnapshot*>, 2> sources{
      {{"registry", &snapshot.members_source}, {"scrape", &snapshot.targets_source}}};
  for (const auto& [cluster, source] : sources) {
    if (!source->enabled) continue;
    const Labels labels{{"cluster", cluster}};
    up.push_back({.labels = labels, .value = number(source->up)});
    age.push_back({.labels = labels, .value = age_of(*source, now)});
    if (source->synced) {
      revision.push_back({.labels = labels, .value = static_cast<double>(source->revision)});
    }
    for (const auto& [reason, count] : source->watch_restarts) {
      restarts.push_back(
          {.labels = {{"cluster", cluster}, {"reason", reason}}, .value = number(count)});
    }
  }
  for (const auto& [operation, seconds] : snapshot.etcd_request_seconds) {
    calls.push_back({.labels = {{"operation", operation}}, .histogram = seconds});
  }
  families.push_back(gauge("promster_etcd_up", "Whether the watch of etcd stands.", up));
  families.push_back(gauge("promster_registry_age_seconds",
                           "Age of what is known of etcd; 0 while its watch stands.", age));
  families.push_back(gauge("promster_etcd_revision", "The last revision heard of.", revision));
  families.push_back(
      counter("promster_etcd_watch_restarts_total", "Watches that ended.", restarts));
  families.push_back(histogram("promster_etcd_request_duration_seconds",
                               "Time of calls to etcd, those that failed among them.", calls));
  families.push_back(counter("promster_etcd_request_failures_total", "Calls to etcd that failed.",
                             by("reason", snapshot.etcd_request_failures)));
}

double lease_remaining(const Snapshot& snapshot, SteadyTime now) {
  if (!snapshot.registered) return 0;
  const std::chrono::duration<double> left = snapshot.lease_confirmed + snapshot.lease_ttl - now;
  return std::max(0.0, left.count());
}

void append_registration(Families& families, const Snapshot& snapshot, SteadyTime now) {
  if (!snapshot.members_source.enabled) return;
  families.push_back(gauge("promster_lease_remaining_seconds",
                           "Until etcd forgets this node if nothing more is heard of it.",
                           lease_remaining(snapshot, now)));
  families.push_back(gauge("promster_lease_ttl_seconds",
                           "Time to live of the lease, as etcd granted it.",
                           std::chrono::duration<double>(snapshot.lease_ttl).count()));
  families.push_back(counter("promster_registrations_total", "Leases under which it registered.",
                             number(snapshot.registrations)));
  families.push_back(counter("promster_name_conflicts_total",
                             "Puts of this node's key by another promster of the same name.",
                             number(snapshot.name_conflicts)));
}

void append_files(Families& families, const Snapshot& snapshot) {
  families.push_back(counter("promster_file_writes_total", "Files replaced by other content.",
                             by("file", from_zero(snapshot.file_writes, kFiles))));
  families.push_back(counter("promster_file_write_failures_total",
                             "Files that could not be replaced.",
                             by("file", from_zero(snapshot.file_write_failures, kFiles))));
  families.push_back(counter("promster_reloads_total", "Changes of Prometheus's configuration.",
                             by("result", from_zero(snapshot.reloads, kReloadResults))));
  families.push_back(gauge("promster_config_last_reload_successful",
                           "Whether Prometheus runs the newest configuration.",
                           number(snapshot.last_reload_successful)));
  families.push_back(gauge("promster_config_last_reload_success_timestamp_seconds",
                           "When Prometheus last took a configuration.",
                           snapshot.last_reload_success_time));
  families.push_back(histogram("promster_change_to_applied_seconds",
                               "From a change in etcd to the file that says it.",
                               {{.labels = {}, .histogram = snapshot.change_to_applied_seconds}}));
  families.push_back(gauge("promster_prometheus_up", "Whether Prometheus is ready.",
                           number(snapshot.prometheus_up)));
  families.push_back(counter("promster_prometheus_restarts_total",
                             "Starts of Prometheus after the first one that was seen.",
                             number(snapshot.prometheus_restarts)));
}

void append_http(Families& families, const HttpCounts& http) {
  std::vector<MetricSample> samples;
  for (const auto& [key, count] : http.by_handler_and_code) {
    samples.push_back({.labels = {{"handler", key.first}, {"code", std::to_string(key.second)}},
                       .value = number(count)});
  }
  families.push_back(counter("promster_http_requests_total", "HTTP requests answered.", samples));
}

void append_process(Families& families, const ProcessStats& stats) {
  const auto add = [&](MetricType type, const char* name, const char* help,
                       const std::optional<double>& value) {
    if (value) families.push_back({name, help, type, {{.labels = {}, .value = *value}}});
  };
  add(MetricType::kCounter, "process_cpu_seconds_total",
      "Total user and system CPU time spent in seconds.", stats.cpu_seconds);
  add(MetricType::kGauge, "process_start_time_seconds",
      "Start time of the process since unix epoch in seconds.", stats.start_time);
  add(MetricType::kGauge, "process_resident_memory_bytes", "Resident memory size in bytes.",
      stats.resident_bytes);
  add(MetricType::kGauge, "process_virtual_memory_bytes", "Virtual memory size in bytes.",
      stats.virtual_bytes);
  add(MetricType::kGauge, "process_open_fds", "Number of open file descriptors.", stats.open_fds);
  add(MetricType::kGauge, "process_max_fds", "Maximum number of open file descriptors.",
      stats.max_fds);
}

}  // namespace

std::string render_metrics(const Snapshot& snapshot, const ProcessStats& process,
                           const HttpCounts& http, SteadyTime now) {
  Families families;
  append_node(families, snapshot);
  append_targets(families, snapshot);
  append_foreign_targets(families, snapshot);
  append_etcd(families, snapshot, now);
  append_registration(families, snapshot, now);
  append_files(families, snapshot);
  append_http(families, http);
  append_process(families, process);
  return render_exposition(families);
}

}  // namespace promster
