#include "core/reconciler.h"

#include <algorithm>
#include <utility>

#include "core/render.h"

namespace promster {
namespace {

// After a target has left the file, Prometheus may go on scraping it for two of its discovery
// ticks.
constexpr Duration kDiscovery = std::chrono::seconds(15);
constexpr Duration kWithdrawalTime = std::chrono::seconds(3);

ApplyConfig render_config(const Settings& settings) {
  return {.prometheus_yml = render_prometheus_yml(settings),
          .rules_yml = render_rules_yml(settings)};
}

std::optional<ApplyConfig> render_bare(const Settings& settings, const DiskState& disk) {
  if (disk.config_present) return std::nullopt;
  Settings bare = settings;
  bare.rules.clear();
  return render_config(bare);
}

Duration foreign_time(const Settings& settings) {
  const bool any = std::ranges::any_of(settings.rules, &RecordingRule::guard);
  if (!settings.rules_guard || !any) return Duration::zero();
  return longest_guarded_range(settings) + kDiscovery;
}

std::set<std::string> names_of(const std::map<std::string, Member>& members) {
  std::set<std::string> names;
  for (const auto& [name, member] : members) names.insert(name);
  return names;
}

}  // namespace

Reconciler::Reconciler(Settings settings, NodeIdentity identity, DiskState disk, SteadyTime now)
    : settings_(std::move(settings)),
      identity_(std::move(identity)),
      config_(render_config(settings_), render_bare(settings_, disk), now),
      foreign_(foreign_time(settings_)),
      policy_(2 * settings_.scrape.interval),
      pace_({}),
      write_backoff_({.first = std::chrono::seconds(1),
                      .most = std::chrono::seconds(30),
                      .factor = 2,
                      .jitter = false}),
      first_file_due_(!disk.targets_present) {
  seen_.node = identity_.name;
  seen_.service = settings_.registry.service;
  seen_.members_source.enabled = settings_.registry.enabled();
  seen_.members_source.reason = "not reached yet";
  seen_.targets_source = seen_.members_source;
  seen_.targets_source.enabled = true;
}

void Reconciler::observe(const Event& event, SteadyTime now) {
  std::visit([&](const auto& one) { on(one, now); }, event);
}

void Reconciler::on(const Listed& event, SteadyTime now) {
  SourceSnapshot& from = source(event.source);
  from.synced = true;
  from.revision = event.listing.revision;
  const std::set<std::string> before = names_of(state_.members());
  const bool members = event.source == Source::kMembers;
  const bool changed =
      members ? state_.list_members(event.listing) : state_.list_targets(event.listing);
  if (members) {
    count_members(before);
    // A listing made before our put does not have our key yet; one made well after it must.
    if (seen_.registered && now - seen_.lease_confirmed > seen_.lease_ttl / 2 &&
        !state_.members().contains(identity_.name)) {
      own_key_gone();
    }
  }
  if (changed || !written_) cluster_changed(now);
}

void Reconciler::on(const Changed& event, SteadyTime now) {
  source(event.source).revision = event.revision;
  const std::set<std::string> before = names_of(state_.members());
  const bool members = event.source == Source::kMembers;
  const bool changed =
      members ? state_.change_members(event.changes) : state_.change_targets(event.changes);
  if (members) {
    count_members(before);
    const bool had_us = before.contains(identity_.name);
    if (had_us && seen_.registered && !state_.members().contains(identity_.name)) own_key_gone();
  }
  if (changed) cluster_changed(now);
}

void Reconciler::on(const SourceLost& event, SteadyTime) {
  SourceSnapshot& from = source(event.source);
  from.up = false;
  from.reason = event.reason;
  ++from.watch_restarts[event.code];
}

void Reconciler::on(const SourceWatched& event, SteadyTime) {
  SourceSnapshot& from = source(event.source);
  from.up = true;
  from.reason.clear();
  from.revision = std::max(from.revision, event.revision);
}

void Reconciler::on(const EtcdCalled& event, SteadyTime) {
  seen_.etcd_request_seconds[event.operation].observe(event.seconds);
  if (!event.code.empty()) ++seen_.etcd_request_failures[event.code];
}

void Reconciler::on(const Registered& event, SteadyTime) {
  seen_.registered = true;
  seen_.registration_reason.clear();
  seen_.lease_ttl = event.ttl;
  seen_.lease_confirmed = event.confirmed;
  if (!event.renewed) ++seen_.registrations;
}

void Reconciler::on(const RegistrationLost& event, SteadyTime) {
  seen_.registered = false;
  seen_.registration_reason = event.reason;
}

void Reconciler::on(const PrometheusSeen& event, SteadyTime now) {
  seen_.prometheus_up = event.ready;
  seen_.prometheus_reason = event.reason;
  if (!event.version.empty()) seen_.prometheus_version = event.version;
  policy_.prometheus_seen(event.ready, now);
  if (event.ready) config_.prometheus_ready(now);
}

void Reconciler::on(const RefreshAsked&, SteadyTime now) {
  ApplyConfig again = render_config(settings_);
  again.force_reload = true;
  config_.want(std::move(again), now);
  if (synced()) {
    written_.reset();  // whoever asks wants the disk looked at
    cluster_changed(now);
  }
}

void Reconciler::on(const StopAsked&, SteadyTime now) {
  policy_.stop();
  stop_by_ = stop_by_ ? now : now + kWithdrawalTime;
}

bool Reconciler::synced() const {
  return state_.targets_synced() && (!settings_.sharding() || state_.members_synced());
}

void Reconciler::cluster_changed(SteadyTime now) {
  if (!changed_since_) changed_since_ = now;
  pace_.changed(now);
}

void Reconciler::own_key_gone() {
  ++registration_.renewal;
}

void Reconciler::count_members(const std::set<std::string>& before) {
  for (const auto& [name, member] : state_.members()) {
    if (!before.contains(name)) ++seen_.membership_changes["joined"];
  }
  for (const std::string& name : before) {
    if (!state_.members().contains(name)) ++seen_.membership_changes["left"];
  }
}

// Who shares the targets: the members that stay, and always ourselves.
std::vector<std::string> Reconciler::ring() const {
  std::set<std::string> names{identity_.name};
  for (const auto& [name, member] : state_.members()) {
    if (member.state == MemberState::kActive) names.insert(name);
  }
  return {names.begin(), names.end()};
}

std::optional<SteadyTime> Reconciler::deadline() const {
  std::optional<SteadyTime> next;
  const auto consider = [&next](std::optional<SteadyTime> when) {
    if (when && (!next || *when < *next)) next = when;
  };
  if (synced()) consider(pace_.deadline());
  consider(config_.deadline());
  consider(foreign_.deadline());
  consider(policy_.deadline());
  consider(write_again_);
  consider(stop_by_);
  return next;
}

Plan Reconciler::step(SteadyTime now) {
  foreign_.expire(now);
  Plan plan{.config = config_.due(now)};
  due_targets(plan, now);
  settle_registration(now);
  return plan;
}

void Reconciler::due_targets(Plan& plan, SteadyTime now) {
  if (!synced()) {
    // Without a former run's file, Prometheus needs one that says "none yet".
    if (std::exchange(first_file_due_, false)) {
      plan.targets = WriteTargets{.targets_json = render_targets_json({}), .targets = 0};
    }
    return;
  }
  const bool again = write_again_ && *write_again_ <= now;
  if (!again && !pace_.due(now)) return;
  write_again_.reset();
  pace_.acted(now);
  plan.assigned = true;
  WriteTargets write = compute_targets();
  if (written_ == write.targets_json) {
    write_failure_.clear();
    targets_written(now);
    return;
  }
  planned_ = write.targets_json;
  plan.targets = std::move(write);
}

WriteTargets Reconciler::compute_targets() {
  const std::vector<const Target*> targets = state_.targets();
  share_ = settings_.sharding() ? take_share(targets, ring(), identity_.name, settings_.shard)
                                : take_all(targets, identity_.name);
  planned_addresses_.clear();
  for (const Target* target : share_.mine) planned_addresses_.insert(target->address);
  return {.targets_json = render_targets_json(share_.mine), .targets = share_.mine.size()};
}

void Reconciler::applied(const Outcome& outcome, SteadyTime now, double unix_now) {
  if (outcome.config) applied_config(*outcome.config, now, unix_now);
  if (outcome.targets) applied_targets(*outcome.targets, now);
  if (outcome.assign_seconds) seen_.assignment_seconds.observe(*outcome.assign_seconds);
  settle_registration(now);
}

void Reconciler::settle_registration(SteadyTime now) {
  registration_.wanted = settings_.registry.enabled() && policy_.wanted(now);
  registration_.value = render_member_value({.name = identity_.name,
                                             .algorithm = kBoundedAlgorithm,
                                             .state = MemberState::kActive,
                                             .applied = "",
                                             .instance = identity_.instance,
                                             .scrapes = settings_.scrape.etcd_path,
                                             .web = identity_.web,
                                             .version = identity_.version});
}

bool Reconciler::done(SteadyTime now) const {
  return stop_by_ && (!seen_.registered || *stop_by_ <= now);
}

SourceSnapshot& Reconciler::source(Source which) {
  return which == Source::kMembers ? seen_.members_source : seen_.targets_source;
}

}  // namespace promster
