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
constexpr Duration kFirstFileAgain = std::chrono::seconds(5);

}  // namespace

void Reconciler::applied(const Outcome& outcome, SteadyTime now) {
  if (outcome.config) applied_config(*outcome.config, now);
  if (outcome.targets) applied_targets(*outcome.targets, now);
  if (outcome.assign_seconds) seen_.assignment_seconds.observe(*outcome.assign_seconds);
  settle_registration(now);
}

void Reconciler::applied_config(const ConfigOutcome& outcome, SteadyTime now) {
  using Kind = ConfigOutcome::Kind;
  config_.applied(outcome, now);
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
    if (!outcome.written.ok()) first_file_due_ = now + kFirstFileAgain;
    return;
  }
  const std::set<std::string> before = file_.addresses();
  file_.applied(outcome.written, now);
  if (outcome.written.ok()) file_in_place(before, now);
}

// The file says what was planned last; `before` is what it said until then.
void Reconciler::file_in_place(const std::set<std::string>& before, SteadyTime now) {
  const std::set<std::string>& after = file_.addresses();
  std::vector<std::string> came, left;
  std::ranges::set_difference(after, before, std::back_inserter(came));
  std::ranges::set_difference(before, after, std::back_inserter(left));
  seen_.target_moves["in"] += came.size();
  seen_.target_moves["out"] += left.size();
  foreign_.scraping(after, now);
  if (changed_since_) {
    const auto took = now - *std::exchange(changed_since_, std::nullopt);
    seen_.change_to_applied_seconds.observe(std::chrono::duration<double>(took).count());
  }
  policy_.share_in_place();
}

std::vector<std::string> Reconciler::missing() const {
  std::vector<std::string> result;
  if (settings_.sharding() && !state_.members_synced()) {
    result.push_back("the members were not listed yet: " + seen_.members_source.reason);
  }
  if (!state_.targets_synced()) {
    result.push_back("the targets were not listed yet: " + seen_.targets_source.reason);
  }
  if (!file_.failure().empty()) result.push_back(file_.failure());
  if (synced() && !file_.written()) result.push_back("the target file is not written yet");
  if (const auto& refusal = config_.refusal(); refusal) {
    result.push_back("the configuration is not in use: " + refusal->who + ": " + refusal->reason);
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
  if (const std::size_t held = hold_.targets().size(); held > 0) {
    result.push_back(std::to_string(held) +
                     " targets are gone from etcd, too many at once to believe it: held until "
                     "Prometheus finds them down, or SIGUSR1");
  }
  for (const std::string& name : guard_.kept()) {
    result.push_back("the key of " + name + " is gone, but it answers: it keeps its share");
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
  Snapshot result = seen_;
  result.missing = missing();
  result.degraded = degraded();
  for (const auto& [name, member] : state_.members()) result.members.push_back(member);
  result.targets_discovered = state_.target_count();
  result.targets_assigned = file_.addresses().size();
  result.targets_counted = shard_.handover().counted_targets().size();
  result.owners_each = shard_.owners_each();
  for (const auto& [key, rejected] : state_.rejected()) {
    ++result.targets_rejected[rejected.code];
    if (result.rejected_examples.size() < kExamples) result.rejected_examples.push_back(rejected);
  }
  result.assignment_checksum = shard_.checksum();
  result.imbalance = shard_.imbalance();
  result.targets_handing_over = shard_.handover().moving();
  result.foreign_targets = foreign_targets();
  result.handed_over = drain_.complete();
  result.hand_over_took = drain_.took();
  if (!shard_.ring().hash.empty()) {
    result.algorithm = std::string(algorithm_name(shard_.ring().algorithm));
  }
  for (const TargetHold::Held& held : hold_.held()) {
    result.held_targets.push_back({.address = held.target.address, .key = held.target.key});
  }
  for (const std::string& name : guard_.kept()) result.kept_members.push_back({.name = name});
  result.last_refusal = config_.refusal();
  result.config_pending = pending_reason_;
  return result;
}

}  // namespace promster
