// The last third of the reconciler: what came of its plans, and what it shows.
#include <algorithm>
#include <iterator>
#include <utility>

#include "core/reconciler.h"
#include "core/render.h"
#include "core/shard_algorithm.h"

namespace promster {
namespace {

constexpr std::size_t kExamples = 10;
constexpr std::size_t kMostMovingShown = 1'000;
constexpr Duration kFirstFileAgain = std::chrono::seconds(5);

}  // namespace

void Reconciler::applied(const Outcome& outcome, SteadyTime now) {
  seen_.time = unix_at(now);
  if (outcome.config) applied_config(*outcome.config, now);
  if (outcome.targets) applied_targets(*outcome.targets, now);
  if (outcome.assign_seconds) seen_.assignment_seconds.observe(*outcome.assign_seconds);
  // What nobody is left to count is ours at once, but is not scraped at once.
  const Handover& handover = shard_.handover();
  if (handover.moving() == 0 && !handover.wants_scrapes()) history_.settled(now);
  settle_registration(now);
}

void Reconciler::applied_config(const ConfigOutcome& outcome, SteadyTime now) {
  using Kind = ConfigOutcome::Kind;
  config_.applied(outcome, now);
  if (auto record = files_.config_tried(tried_, outcome, unix_at(now))) {
    history_.add(*std::move(record));
  }
  for (const std::string& file : outcome.files_written) ++seen_.file_writes[file];
  switch (outcome.kind) {
    case Kind::kAccepted:
      ++seen_.reloads["accepted"];
      seen_.last_reload_success_time = unix_at(now);
      break;
    case Kind::kRejected:
      ++seen_.reloads["rejected"];
      break;
    case Kind::kFailed:
      ++seen_.reloads["failed"];
      break;
    case Kind::kPending:
    case Kind::kUnchanged:
      break;
  }
  pending_reason_ = outcome.kind == Kind::kPending ? outcome.reason : "";
  if (outcome.kind != Kind::kPending) {
    seen_.last_reload_successful = !config_.refusal() && outcome.kind != Kind::kRejected;
  }
}

void Reconciler::applied_targets(const TargetsOutcome& outcome, SteadyTime now) {
  const std::string file(kTargetsFile);
  if (!outcome.written.ok()) ++seen_.file_write_failures[file];
  if (outcome.written.ok() && *outcome.written) ++seen_.file_writes[file];
  seen_.file_failure = outcome.written.ok() ? "" : outcome.written.error().message;
  if (!synced()) {  // the first, empty file
    if (!outcome.written.ok()) {
      first_file_due_ = now + kFirstFileAgain;
      return;
    }
    auto none = std::make_shared<const std::string>(render_targets_json({}));
    files_.targets_written(std::move(none), *outcome.written, unix_at(now));
    return;
  }
  stale_ = true;
  const std::set<std::string> before = file_.addresses();
  file_.applied(outcome.written, now);
  if (!outcome.written.ok()) return;
  files_.targets_written(file_.written(), *outcome.written, unix_at(now));
  file_replaced(before, now);
  file_in_place(now);
}

// Who came and went, and what moved, since the assignment before.
void Reconciler::remember(ClusterChange change, SteadyTime since) {
  Membership is = membership();
  if (membership_) change.members = member_changes(*membership_, is);
  for (MemberChange& one : change.members) {
    const bool new_run = one.kind == MemberChange::Kind::kOther;
    if (new_run && one.member == identity_.name && rival()) {
      one.reason = "another promster registers this name as well";
    }
  }
  if (state_.members_synced()) membership_ = std::move(is);
  const bool targets = change.targets_added + change.targets_removed + change.targets_moved > 0;
  if (change.members.empty() && !targets) return;
  change.time = unix_at(since);
  const bool of_targets = change.targets_added + change.targets_removed > 0;
  change.revision = (of_targets ? seen_.targets_source : seen_.members_source).revision;
  history_.add(std::move(change), since);
}

// Our own key is put again where it is gone and we did not give it up.
Membership Reconciler::membership() const {
  Membership result{.members = known_members(), .kept = {}};
  for (const MemberGuard::Kept& kept : guard_.kept_members()) {
    if (kept.answered) result.kept.insert(kept.name);
  }
  if (!membership_ || policy_.withdrawn() || stop_by_) return result;
  const auto us = membership_->members.find(identity_.name);
  if (us == membership_->members.end() || !result.members.insert(*us).second) return result;
  result.kept.insert(identity_.name);
  return result;
}

// `before`: the addresses that were in the target file until now.
void Reconciler::file_replaced(const std::set<std::string>& before, SteadyTime now) {
  const std::set<std::string>& after = file_.addresses();
  std::vector<std::string> came, left;
  std::ranges::set_difference(after, before, std::back_inserter(came));
  std::ranges::set_difference(before, after, std::back_inserter(left));
  seen_.target_moves["in"] += came.size();
  seen_.target_moves["out"] += left.size();
  foreign_.scraping(after, now);
}

// The file says what was planned last.
void Reconciler::file_in_place(SteadyTime now) {
  history_.written(now);
  if (changed_since_) {
    const auto took = now - *std::exchange(changed_since_, std::nullopt);
    seen_.change_to_applied_seconds.observe(std::chrono::duration<double>(took).count());
  }
  policy_.share_in_place();
}

std::vector<std::string> Reconciler::missing() const {
  std::vector<std::string> result;
  if (stays_ && left(now_)) result.emplace_back("drained; waits to be stopped");
  if (settings_.sharding() && !state_.members_synced()) {
    result.push_back("the members were not listed yet: " + seen_.members_source.reason);
  }
  if (!state_.targets_synced()) {
    result.push_back("the targets were not listed yet: " + seen_.targets_source.reason);
  }
  if (!file_.failure().empty()) result.push_back(file_.failure());
  if (synced() && !file_.written()) result.push_back("the target file is not written yet");
  if (const auto& refusal = config_.refusal(); refusal) {
    if (!config_.good_one_stays()) {
      result.push_back("the configuration is not in use: " + refusal->who + ": " + refusal->reason);
    }
  } else if (!seen_.last_reload_successful) {
    result.push_back("the configuration is not loaded yet" +
                     (pending_reason_.empty() ? "" : ": " + pending_reason_));
  }
  if (!seen_.prometheus_up) result.push_back("Prometheus is not ready: " + seen_.prometheus_reason);
  if (registration_.wanted && seen_.registrations == 0) {
    result.push_back("not registered in etcd yet" +
                     (seen_.registration_reason.empty() ? "" : ": " + seen_.registration_reason));
  }
  return result;
}

// What is wrong but does not stop the scraping.
std::vector<std::string> Reconciler::degraded() const {
  std::vector<std::string> result;
  const auto consider = [&result](const SourceSnapshot& from, const char* what) {
    if (from.enabled && from.synced && !from.up && !from.reason.empty()) {
      result.push_back(std::string(what) + ": " + from.reason);
    }
  };
  consider(seen_.members_source, "the registry is not watched");
  consider(seen_.targets_source, "the targets are not watched");
  if (config_.good_one_stays()) {
    const ConfigOutcome& refusal = *config_.refusal();
    result.push_back("a new configuration is refused, the last good one stays in use: " +
                     refusal.who + ": " + refusal.reason);
  }
  if (const std::size_t held = seen_.held_targets.size(); held > 0) {
    result.push_back(std::to_string(held) + (held == 1 ? " target is" : " targets are") +
                     " gone from etcd, too suddenly to believe it: held until Prometheus finds " +
                     (held == 1 ? "it" : "them") + " down, or promster confirm");
  }
  if (const auto other = rival(); other) {
    result.push_back("another promster (" + *other + ") registers " + identity_.name +
                     " as well as this one (instance " + identity_.instance +
                     "), so both count the same share");
  }
  for (const KeptMember& kept : seen_.kept_members) {
    result.push_back("the key of " + kept.name + " is gone, but it answers: it keeps its share");
  }
  if (registration_.wanted && !seen_.registered && seen_.registrations > 0) {
    result.push_back("not registered in etcd: " + seen_.registration_reason);
  }
  return result;
}

// What the rules are to leave out: what is in the file but not counted, and what lately was in it.
std::vector<JobInstance> Reconciler::foreign_targets() const {
  std::set<std::string> addresses;
  if (foreign_.guards()) addresses = shard_.handover().foreign();
  for (const std::string& address : foreign_.addresses()) addresses.insert(address);
  std::vector<JobInstance> result;
  for (const std::string& path : settings_.scrape.paths) {
    for (const std::string& address : addresses)
      result.push_back({.job = path, .instance = address});
  }
  std::ranges::sort(result);
  return result;
}

Snapshot Reconciler::snapshot() const {
  if (std::exchange(stale_, false)) {
    look_at_cluster();
    look_at_targets();
  }
  Snapshot result = seen_;
  result.missing = missing();
  result.degraded = degraded();
  result.drained = stays_ && left(now_);
  result.handed_over = drain_.complete();
  result.hand_over_took = drain_.took();
  result.last_refusal = config_.refusal();
  result.config_pending = pending_reason_;
  result.changes = history_.changes();
  result.reload_log = history_.reloads();
  result.files = files_.shown();
  return result;
}

void Reconciler::look_at_cluster() const {
  seen_.members.clear();
  for (const auto& [name, member] : state_.members()) seen_.members.push_back(member);
  seen_.kept_members.clear();
  for (const MemberGuard::Kept& kept : guard_.kept_members()) {
    seen_.kept_members.push_back(
        {.name = kept.name, .since = unix_at(kept.since), .until = unix_at(kept.until)});
  }
  seen_.cluster = shard_.picture();
  seen_.owners_each = shard_.owners_each();
  seen_.assignment_checksum = shard_.checksum();
  seen_.imbalance = shard_.imbalance();
  if (shard_.assigned()) {
    seen_.algorithm = std::string(algorithm_name(shard_.ring().algorithm));
  }
}

void Reconciler::look_at_targets() const {
  const Handover& handover = shard_.handover();
  seen_.targets_discovered = state_.target_count();
  seen_.targets_assigned = file_.addresses().size();
  seen_.targets_counted = handover.counted_size();
  seen_.targets_handing_over = handover.moving();
  seen_.moving_targets = handover.moving_addresses(kMostMovingShown);
  seen_.foreign_targets = foreign_targets();
  seen_.targets_rejected.clear();
  seen_.rejected_examples.clear();
  for (const auto& [key, rejected] : state_.rejected()) {
    ++seen_.targets_rejected[rejected.code];
    if (seen_.rejected_examples.size() < kExamples) seen_.rejected_examples.push_back(rejected);
  }
  seen_.held_targets.clear();
  for (const TargetHold::Held& held : hold_.held()) {
    HeldTarget& shown = seen_.held_targets.emplace_back(HeldTarget{.address = held.target.address,
                                                                   .key = held.target.key,
                                                                   .since = unix_at(held.since),
                                                                   .down_scrapes = held.down,
                                                                   .alone = held.alone});
    if (held.until) shown.until = unix_at(*held.until);
  }
}

}  // namespace promster
