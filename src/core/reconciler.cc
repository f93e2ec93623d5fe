#include "core/reconciler.h"

#include <algorithm>
#include <utility>

#include "core/render.h"
#include "core/shard_algorithm.h"

namespace promster {
namespace {

// After a target has left the file, Prometheus may go on scraping it for two of its discovery
// ticks.
constexpr Duration kDiscovery = std::chrono::seconds(15);
// A registry that is silent for so long tells nobody that we are about to leave.
constexpr Duration kSilence = std::chrono::seconds(5);
// By then the level above has seen a new member, and scrapes it.
constexpr Duration kSeenFromAbove = std::chrono::seconds(12);

std::optional<ApplyConfig> render_bare(const Settings& settings, const DiskState& disk) {
  if (disk.config_present) return std::nullopt;
  return render_bare_config(settings);
}

Duration foreign_time(const Settings& settings) {
  if (!any_rule_guarded(settings)) return Duration::zero();
  return longest_guarded_range(settings) + kDiscovery;
}

Drain::Options drain_options(const Settings& settings) {
  const Duration turn = std::max(settings.scrape.interval, settings.evaluation_interval);
  return {.budget = drain_budget(settings), .settle = 2 * turn + std::chrono::seconds(1)};
}

}  // namespace

// The others need to discover, to scrape twice and to acknowledge; the level above to see it.
Duration drain_budget(const Settings& settings) {
  const Duration turn = std::max(settings.scrape.interval, settings.evaluation_interval);
  return settings.shard.drain.value_or(kDiscovery + 6 * turn);
}

Reconciler::Reconciler(Settings settings, NodeIdentity identity, DiskState disk, SteadyTime now)
    : settings_(std::move(settings)),
      identity_(std::move(identity)),
      own_key_(member_key(settings_.registry.base, settings_.registry.service, identity_.name)),
      window_(settings_.evaluation_interval),
      state_(target_limits(settings_.scrape)),
      guard_({.ttl = settings_.registry.ttl, .enabled = settings_.shard.member_guard}),
      hold_({.hold = settings_.shard.hold,
             .share = settings_.shard.hold_share,
             .settle = settings_.scrape.interval}),
      shard_(settings_, identity_.name),
      base_(settings_.prometheus.base),
      config_(render_config(settings_, base_), render_bare(settings_, disk), now),
      foreign_(foreign_time(settings_)),
      policy_(2 * settings_.scrape.interval),
      pace_({}),
      drain_(drain_options(settings_)),
      files_(std::move(disk.files)),
      former_(std::move(disk.targets)),
      now_(now),
      first_file_due_(disk.targets_present ? std::nullopt : std::optional(now)),
      started_(now) {
  seen_.node = identity_.name;
  seen_.instance = identity_.instance;
  seen_.pid = identity_.pid;
  seen_.service = settings_.registry.service;
  seen_.sharding = settings_.sharding();
  seen_.members_source.enabled = settings_.registry.enabled();
  seen_.members_source.reason = "not reached yet";
  seen_.targets_source = seen_.members_source;
  seen_.targets_source.enabled = true;
}

void Reconciler::tell_time(SteadyTime now, double unix_now) {
  unix_at_zero_ = unix_now - std::chrono::duration<double>(now.time_since_epoch()).count();
  seen_.time = unix_now;
  if (seen_.started == 0) seen_.started = unix_at(started_);
}

double Reconciler::unix_at(SteadyTime now) const {
  return unix_at_zero_ + std::chrono::duration<double>(now.time_since_epoch()).count();
}

bool Reconciler::synced() const {
  return state_.targets_synced() && (!settings_.sharding() || state_.members_synced());
}

std::optional<SteadyTime> Reconciler::deadline() const {
  std::optional<SteadyTime> next;
  const auto consider = [&next](std::optional<SteadyTime> when) {
    if (when && (!next || *when < *next)) next = when;
  };
  if (synced()) {
    consider(pace_.deadline());
    consider(file_.try_again());
    consider(switch_deadline());
  } else {
    consider(first_file_due_);
  }
  consider(config_.deadline());
  consider(foreign_.deadline());
  consider(guard_.deadline());
  consider(hold_.deadline());
  consider(policy_.deadline());
  if (drain_.begun() && !stop_by_) {
    consider(drain_.deadline());
    if (members_lost_) consider(*members_lost_ + kSilence);
  }
  if (stop_by_ && now_ < *stop_by_) consider(stop_by_);
  return next;
}

// When something may change hands that could not before.
std::optional<SteadyTime> Reconciler::switch_deadline() const {
  const Handover& handover = shard_.handover();
  const auto clock = handover.deadline(now_);
  const bool waiting =
      handover.clock_over(now_) || (handover.taking() && !handover.wants_scrapes());
  if (!waiting) return clock;
  SteadyTime open = now_ + window_.until_open(unix_at(now_));
  if (member_since_) open = std::max(open, *member_since_ + kSeenFromAbove);
  if (open <= now_) return clock;  // only an event is missing
  return clock ? std::min(*clock, open) : open;
}

SwitchAllowed Reconciler::switch_allowed(SteadyTime now) const {
  const bool open = window_.open(unix_at(now));
  const bool knows = seen_.members_source.up && seen_.targets_source.up && !assignment_due_;
  const bool seen_from_above = member_since_ && *member_since_ + kSeenFromAbove <= now;
  return {.clocks = open && knows, .acknowledge = open && knows && seen_from_above};
}

Plan Reconciler::step(SteadyTime now) {
  now_ = now;
  if (foreign_.expire(now)) stale_ = true;
  if (guard_.expire(now)) assignment_due(now);
  if (hold_.expire(now)) file_due(now);
  Plan plan{.config = config_.due(now)};
  if (plan.config) tried_ = *plan.config;
  hand_over(now);
  forget_registration(now);
  due_targets(plan, now);
  settle_registration(now);
  return plan;
}

void Reconciler::hand_over(SteadyTime now) {
  shard_.scraped(scrapes_.counts());
  const auto find = [this](const std::string& name) { return known_member(name); };
  if (shard_.advance(find, switch_allowed(now), now)) file_due(now);
  if (!wants_scrapes()) scrapes_.clear();
  if (!drain_.begun() || stop_by_) return;
  drain_.watch(shard_.handover().counted_size(), now);
  const bool silent = members_lost_ && *members_lost_ + kSilence <= now;
  if (silent || !others_stay() || drain_.over(now)) stop_now(how_drained(silent), now);
}

// REQUIRES: nothing is left to wait for.
DrainEnd Reconciler::how_drained(bool silent) const {
  if (drain_.complete()) return DrainEnd::kHandedOver;
  if (silent) return DrainEnd::kEtcdSilent;
  return others_stay() ? DrainEnd::kTimeUp : DrainEnd::kNobody;
}

void Reconciler::due_targets(Plan& plan, SteadyTime now) {
  if (!synced()) {
    // Without a former run's file, Prometheus needs one that says "none yet".
    if (first_file_due_ && *first_file_due_ <= now) {
      first_file_due_.reset();
      plan.targets = WriteTargets{.targets_json = render_targets_json({}), .targets = 0};
    }
    return;
  }
  const bool again = file_.try_again() && *file_.try_again() <= now;
  if (!again && !pace_.due(now)) return;
  pace_.acted(now);
  stale_ = true;
  const auto since = std::exchange(assignment_due_, std::nullopt);
  plan.assigned = since && assign(*since, now);
  plan.targets = file_.plan(file());
  if (!plan.targets) file_in_place(now);
}

// Returns whether that was worth it: most of what members say of themselves moves no target.
bool Reconciler::assign(SteadyTime since, SteadyTime now) {
  const std::map<std::string, Member> members = known_members();
  const Ring ring = make_ring({.members = members,
                               .kept = guard_.kept(),
                               .self = identity_.name,
                               .draining = drain_.begun() || stop_by_ || withdrawn_,
                               .settings = settings_.shard});
  Shard::Cluster cluster{.targets = state_.targets(),
                         .members = members,
                         .ring = ring,
                         .alive = {},
                         .version = state_.targets_version(),
                         .revision = seen_.targets_source.revision};
  for (const auto& [name, member] : members) {
    if (name != identity_.name) cluster.alive.insert(name);
  }
  const bool anew = !shard_.same(cluster);
  std::optional<ClusterChange> change;
  if (anew) {
    if (!former_.empty()) adopt_former_run(members, ring, now);
    review_hold(now);
    change = shard_.assign(cluster, now);
  }
  remember(change.value_or(ClusterChange{}), since);
  // With nothing to take over there is nothing to wait for.
  const auto find = [this](const std::string& name) { return known_member(name); };
  shard_.advance(find, switch_allowed(now), now);
  return anew;
}

// Of a member that etcd has, or that it lost but that is alive.
const Member* Reconciler::known_member(const std::string& name) const {
  if (const auto there = state_.members().find(name); there != state_.members().end()) {
    return &there->second;
  }
  const auto last = vanished_.find(name);
  return guard_.keeps(name) && last != vanished_.end() ? &last->second : nullptr;
}

// All of these.
std::map<std::string, Member> Reconciler::known_members() const {
  std::map<std::string, Member> members = state_.members();
  for (const std::string& name : guard_.kept()) {
    if (const auto last = vanished_.find(name); last != vanished_.end()) members.insert(*last);
  }
  return members;
}

// What is held and is back in etcd is ours until its owner takes it over.
void Reconciler::review_hold(SteadyTime now) {
  std::vector<Target> held;
  for (const Target* target : hold_.targets()) held.push_back(*target);
  const auto& listed = state_.targets();
  hold_.listed(listed, shard_.handover().counted_targets(), now, nodes_);
  hold_.nodes_changed(nodes_, now);
  const auto still = hold_.targets();
  std::set<std::string> keys;
  for (const Target* target : still) keys.insert(target->key);
  nodes_.remember(keys);
  std::vector<const Target*> back;
  for (const Target& target : held) {
    if (!std::ranges::binary_search(still, target.key, {}, &Target::key) &&
        std::ranges::binary_search(listed, target.key, {}, &Target::key)) {
      back.push_back(&target);
    }
  }
  shard_.adopt(back);
}

// What the file of the last run holds is ours until somebody takes it over, if nobody else can
// count it; and what of it is not in etcd any more is a removal like another.
void Reconciler::adopt_former_run(const std::map<std::string, Member>& members, const Ring& ring,
                                  SteadyTime now) {
  std::vector<Target> former = std::exchange(former_, {});
  if (!counts_alone(members, ring)) return;
  std::map<std::pair<std::string, Labels>, std::string> keys;
  for (const Target* target : state_.targets()) {
    keys.emplace(std::pair(target->address, target->labels), target->key);
  }
  std::vector<const Target*> all, listed;
  for (std::size_t i = 0; i < former.size(); ++i) {
    const auto found = keys.find({former[i].address, former[i].labels});
    former[i].key = found == keys.end() ? "?" + std::to_string(i) : found->second;
    all.push_back(&former[i]);
    if (found != keys.end()) listed.push_back(&former[i]);
  }
  std::ranges::sort(all, {}, &Target::key);
  std::set<std::string> scraped;
  for (const Target* target : all) scraped.insert(target->address);
  foreign_.continues(std::move(scraped));
  hold_.listed(all, {}, now);
  hold_.listed(state_.targets(), all, now);
  shard_.adopt(listed);
}

// Whether a former run of this node was a member whose share nobody else has taken: its key is
// still there, or all others count with us, or there are none.
bool Reconciler::counts_alone(const std::map<std::string, Member>& members,
                              const Ring& ring) const {
  return members.contains(identity_.name) || std::ranges::all_of(members, [&](const auto& member) {
           return member.second.applied == ring.hash;
         });
}

// What is ours, changes hands, or is held though etcd does not list it any more.
std::vector<const Target*> Reconciler::file() const {
  std::vector<const Target*> targets = shard_.handover().file();
  const std::vector<const Target*> held = hold_.targets();
  targets.insert(targets.end(), held.begin(), held.end());
  std::ranges::sort(targets, {}, &Target::key);
  return targets;
}

void Reconciler::settle_registration(SteadyTime now) {
  registration_.wanted = settings_.registry.enabled() && policy_.wanted(now);
  if (std::exchange(withdrawn_, policy_.withdrawn()) != policy_.withdrawn()) assignment_due(now);
  // Who is no member any more says so first, lest it look like a crash to siblings and the level
  // above.
  const bool leaves = drain_.begun() || !registration_.wanted;
  registration_.value =
      render_member_value({.name = identity_.name,
                           .algorithm = std::string(published_algorithm(settings_.shard.algorithm)),
                           .state = leaves ? MemberState::kDraining : MemberState::kActive,
                           .applied = shard_.handover().applied(),
                           .instance = identity_.instance,
                           .scrapes = settings_.scrape.etcd_path,
                           .web = identity_.web,
                           .version = identity_.version});
}

// Where etcd cannot be told that we leave, our lease runs out.
void Reconciler::forget_registration(SteadyTime now) {
  if (!seen_.registered || !stop_by_ || now < *stop_by_) return;
  seen_.registered = false;
  seen_.registration_reason = "etcd was not told that this node leaves; its lease runs out";
}

bool Reconciler::left(SteadyTime now) const {
  return stop_by_ && (!seen_.registered || *stop_by_ <= now);
}

bool Reconciler::done(SteadyTime now) const {
  return left(now) && (!stays_ || seen_.stopping);
}

}  // namespace promster
