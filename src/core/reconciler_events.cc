// The first third of the reconciler: events change what is known.
#include <algorithm>
#include <string_view>
#include <utility>

#include "core/reconciler.h"
#include "core/render.h"

namespace promster {
namespace {

constexpr Duration kWithdrawalTime = std::chrono::seconds(3);
// Its value in etcd is empty.
constexpr std::string_view kOriginal = "an original one";

}  // namespace

void Reconciler::observe(const Event& event, SteadyTime now) {
  now_ = now;
  seen_.time = unix_at(now);
  std::visit([&](const auto& one) { on(one, now); }, event);
}

void Reconciler::on(const Listed& event, SteadyTime now) {
  SourceSnapshot& from = source(event.source);
  const bool first = !std::exchange(from.synced, true);
  from.revision = event.listing.revision;
  const bool members = event.source == Source::kMembers;
  const std::map<std::string, Member> before =
      members ? state_.members() : std::map<std::string, Member>{};
  const bool changed =
      members ? state_.list_members(event.listing) : state_.list_targets(event.listing);
  if (!members) {
    nodes_.list(event.listing);
    if (hold_.nodes_changed(nodes_, now)) file_due(now);
  }
  if (members) {
    members_changed(before, now);
    note_rival();
    // A listing that was made before our put cannot have our key.
    const bool ours_is_older = key_revision_ != 0 && key_revision_ <= event.listing.revision;
    const bool gone = !state_.members().contains(identity_.name);
    if (seen_.registered && ours_is_older && gone) own_key_gone();
  }
  if (changed || first) assignment_due(now);
}

void Reconciler::on(const Changed& event, SteadyTime now) {
  source(event.source).revision = event.revision;
  const bool members = event.source == Source::kMembers;
  const std::map<std::string, Member> before =
      members ? state_.members() : std::map<std::string, Member>{};
  const bool changed =
      members ? state_.change_members(event.changes) : state_.change_targets(event.changes);
  if (!members) {
    nodes_.change(event.changes);
    if (hold_.nodes_changed(nodes_, now)) file_due(now);
  }
  if (members) {
    members_changed(before, now);
    note_rival();
    const bool had_us = before.contains(identity_.name);
    if (had_us && seen_.registered && !state_.members().contains(identity_.name)) own_key_gone();
  }
  if (changed) assignment_due(now);
}

void Reconciler::members_changed(const std::map<std::string, Member>& before, SteadyTime now) {
  for (const auto& [name, member] : state_.members()) {
    if (!before.contains(name)) ++seen_.membership_changes["joined"];
    vanished_.erase(name);
    if (name != identity_.name) guard_.appeared(name);
  }
  for (const auto& [name, member] : before) {
    if (state_.members().contains(name)) continue;
    ++seen_.membership_changes["left"];
    if (name != identity_.name) {
      guard_.vanished(name, member.state == MemberState::kDraining, now);
      vanished_[name] = member;
    }
  }
}

// Another promster that put our key after us, in words: one that runs beside us, where what we
// found there when we came is a former run of ours.
std::optional<std::string> Reconciler::rival() const {
  const auto ours = state_.members().find(identity_.name);
  const bool known = seen_.registered && key_revision_ != 0;
  if (!known || ours == state_.members().end()) return std::nullopt;
  const std::string& instance = ours->second.instance;
  const bool after_us = state_.member_revision(own_key_) > key_revision_;
  if (!after_us || instance == identity_.instance) return std::nullopt;
  return instance.empty() ? std::string(kOriginal) : "instance " + instance;
}

void Reconciler::note_rival() {
  const auto other = rival();
  const std::int64_t revision = state_.member_revision(own_key_);
  if (!other || std::exchange(rival_revision_, revision) == revision) return;
  seen_.rival = *other;
  ++seen_.name_conflicts;
}

void Reconciler::assignment_due(SteadyTime now) {
  if (!changed_since_) changed_since_ = now;
  if (!assignment_due_) assignment_due_ = now;
  file_due(now);
}

// The target file may not be what it should be.
void Reconciler::file_due(SteadyTime now) {
  pace_.changed(now);
  stale_ = true;
}

void Reconciler::on(const SourceLost& event, SteadyTime now) {
  if (event.source == Source::kMembers && !members_lost_) members_lost_ = now;
  SourceSnapshot& from = source(event.source);
  if (!from.lost) from.lost = now;
  from.up = false;
  from.reason = event.reason;
  ++from.watch_restarts[event.code];
}

void Reconciler::on(const SourceWatched& event, SteadyTime) {
  if (event.source == Source::kMembers) members_lost_.reset();
  SourceSnapshot& from = source(event.source);
  from.up = true;
  from.lost.reset();
  from.reason.clear();
  from.revision = std::max(from.revision, event.revision);
}

void Reconciler::on(const EtcdCalled& event, SteadyTime) {
  seen_.etcd_request_seconds[event.operation].observe(event.seconds);
  if (!event.code.empty()) ++seen_.etcd_request_failures[event.code];
}

void Reconciler::on(const Registered& event, SteadyTime now) {
  seen_.registered = true;
  seen_.withdrawn = false;
  seen_.registration_reason.clear();
  seen_.lease_ttl = event.ttl;
  seen_.lease_confirmed = event.confirmed;
  if (!event.renewed) {
    ++seen_.registrations;
    key_revision_ = event.revision;
    note_rival();
  }
  if (!member_since_) member_since_ = now;
}

void Reconciler::on(const RegistrationLost& event, SteadyTime) {
  seen_.registered = false;
  seen_.withdrawn = event.withdrawn;
  seen_.registration_reason = event.reason;
  if (event.withdrawn) member_since_.reset();
}

void Reconciler::on(const PrometheusSeen& event, SteadyTime now) {
  seen_.prometheus_up = event.ready;
  seen_.prometheus_reason = event.reason;
  if (!event.version.empty()) seen_.prometheus_version = event.version;
  if (!event.started.empty()) {
    const std::string before = std::exchange(seen_.prometheus_started, event.started);
    if (!before.empty() && before != event.started) ++seen_.prometheus_restarts;
  }
  policy_.prometheus_seen(event.ready, now);
  if (event.ready) config_.prometheus_ready(now);
}

void Reconciler::on(const ScrapesSeen& event, SteadyTime now) {
  scrapes_.see(event);
  stale_ = stale_ || hold_.wants_scrapes();
  if (hold_.scraped(event)) file_due(now);
}

void Reconciler::on(const SiblingProbed& event, SteadyTime now) {
  if (guard_.probed(event.name, event.answers)) assignment_due(now);
}

void Reconciler::on(const RemovalConfirmed&, SteadyTime now) {
  ++seen_.removal_confirmations;
  stale_ = true;
  if (hold_.confirm()) file_due(now);
}

void Reconciler::on(const BaseConfigRead& event, SteadyTime now) {
  if (!event.fault.empty()) {
    config_.want({.fault = event.fault}, now);
    return;
  }
  base_ = event.base;
  config_.want(render_config(settings_, base_), now);
}

void Reconciler::on(const RefreshAsked&, SteadyTime now) {
  ApplyConfig config = render_config(settings_, base_);
  config.force_reload = true;
  config_.want(std::move(config), now);
  if (synced()) {
    file_.doubt();
    assignment_due(now);
  }
}

void Reconciler::on(const DrainAsked&, SteadyTime now) {
  if (drain_.begun() || stop_by_) return;
  stays_ = true;
  leave(now);
}

// The first one does not cut short a drain that was asked for.
void Reconciler::on(const StopAsked&, SteadyTime now) {
  const bool first = !std::exchange(seen_.stopping, true);
  if (!stays_ || !first) leave(now);
}

// Hands over what is ours, and then gives the key back: at once where nobody would take it over,
// and where this is asked for again.
void Reconciler::leave(SteadyTime now) {
  const DrainEnd end = drain_.begun() || stop_by_ ? DrainEnd::kCutShort : no_drain();
  if (end != DrainEnd::kNotYet) {
    stop_now(end, now);
    return;
  }
  drain_.begin(now);
  seen_.draining = true;
  seen_.drain_until = unix_at(*drain_.deadline());
  assignment_due(now);
}

// Why there is nothing to wait for: something must be ours to hand over, somebody there to take it,
// and etcd to tell them.
DrainEnd Reconciler::no_drain() const {
  if (!settings_.sharding()) return DrainEnd::kNothing;
  if (state_.members_synced() && !others_stay()) return DrainEnd::kNobody;
  if (settings_.shard.handover == Duration::zero()) return DrainEnd::kNothing;
  if (!seen_.members_source.up) return has_share() ? DrainEnd::kEtcdSilent : DrainEnd::kNothing;
  return seen_.registered ? DrainEnd::kNotYet : DrainEnd::kNothing;
}

// Whether others may rely on us for a target: on a member for what it scrapes, on one that became
// none in this run for what it has of a former one.
bool Reconciler::has_share() const {
  const Handover& handover = shard_.handover();
  const bool as_member = member_since_ && !handover.file().empty();
  return as_member || !former_.empty() || handover.counted_size() > 0;
}

bool Reconciler::others_stay() const {
  return std::ranges::any_of(known_members(), [&](const auto& member) {
    return member.first != identity_.name && member.second.state == MemberState::kActive;
  });
}

// Gives the key back and waits for that a little; asked for again, not at all.
void Reconciler::stop_now(DrainEnd end, SteadyTime now) {
  if (seen_.drain_end == DrainEnd::kNotYet) seen_.drain_end = end;
  policy_.stop();
  stop_by_ = stop_by_ ? now : now + kWithdrawalTime;
}

SourceSnapshot& Reconciler::source(Source which) {
  return which == Source::kMembers ? seen_.members_source : seen_.targets_source;
}

}  // namespace promster
