#include "agent/change_report.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"

namespace promster {
namespace {

std::set<std::string> names(const std::vector<Member>& members) {
  std::set<std::string> result;
  for (const Member& member : members) result.insert(member.name);
  return result;
}

void report_members(const Snapshot& before, const Snapshot& after, const Log& log) {
  const std::set<std::string> old_names = names(before.members);
  const std::set<std::string> new_names = names(after.members);
  std::vector<std::string> joined, left;
  std::ranges::set_difference(new_names, old_names, std::back_inserter(joined));
  std::ranges::set_difference(old_names, new_names, std::back_inserter(left));
  const std::string count = std::to_string(new_names.size());
  for (const std::string& name : joined) {
    log.info("node joined", {{"node", name}, {"nodes", count}});
  }
  for (const std::string& name : left) log.info("node left", {{"node", name}, {"nodes", count}});
}

void report_source(const SourceSnapshot& before, const SourceSnapshot& after, const char* cluster,
                   const Log& log) {
  if (after.synced && !before.synced) {
    log.info("keys listed", {{"cluster", cluster}, {"revision", std::to_string(after.revision)}});
  }
  if (after.up && !before.up && before.synced)
    log.info("etcd watch stands", {{"cluster", cluster}});
  if (before.enabled && !after.up && !after.reason.empty() && after.reason != before.reason) {
    log.warning("etcd watch lost; what is known stays in use",
                {{"cluster", cluster}, {"reason", after.reason}});
  }
}

void report_registration(const Snapshot& before, const Snapshot& after, const Log& log) {
  if (after.rival != before.rival) {
    log.error(
        "another promster registers the name of this node as well; both count the same "
        "share; try: --registry.advertise-address, another one for each node",
        {{"node", after.node}, {"instance", after.instance}, {"other", after.rival}});
  }
  if (after.registrations > before.registrations) {
    log.info("registered", {{"node", after.node}, {"ttl", format_duration(after.lease_ttl)}});
  } else if (after.withdrawn && !before.withdrawn) {
    log.info("withdrawn from the registry", {{"node", after.node}});
  } else if (before.registered && !after.registered) {
    log.warning("not registered any more", {{"reason", after.registration_reason}});
  } else if (!after.registered && !after.withdrawn &&
             after.registration_reason != before.registration_reason) {
    log.warning("not registered", {{"reason", after.registration_reason}});
  }
}

// Of a farewell that left targets to siblings who do not know.
std::string left_behind(DrainEnd end) {
  if (end == DrainEnd::kEtcdSilent) return "etcd does not answer, so no sibling was told";
  if (end == DrainEnd::kTimeUp) return "the time was up; try: a longer --shard.drain";
  return end == DrainEnd::kCutShort ? "it was told to stop at once" : "";
}

void report_targets(const Snapshot& before, const Snapshot& after, const Log& log) {
  const std::uint64_t came = after.target_moves.at("in") - before.target_moves.at("in");
  const std::uint64_t left = after.target_moves.at("out") - before.target_moves.at("out");
  if (came + left > 0) {
    log.info("targets written", {{"targets", std::to_string(after.targets_assigned)},
                                 {"of", std::to_string(after.targets_discovered)},
                                 {"came", std::to_string(came)},
                                 {"left", std::to_string(left)}});
  }
  if (!after.file_failure.empty() && after.file_failure != before.file_failure) {
    log.error("target file not written", {{"reason", after.file_failure}});
  }
}

// How targets change hands, and how the farewell of a node goes.
void report_hand_over(const Snapshot& before, const Snapshot& after, const Log& log) {
  if (after.algorithm != before.algorithm && !before.algorithm.empty()) {
    log.info("the cluster changes its algorithm",
             {{"from", before.algorithm}, {"to", after.algorithm}});
  }
  if (after.targets_handing_over > 0 && before.targets_handing_over == 0) {
    log.info("hand-over begins", {{"targets", std::to_string(after.targets_handing_over)}});
  } else if (after.targets_handing_over == 0 && before.targets_handing_over > 0) {
    log.info("hand-over done", {{"targets", std::to_string(after.targets_assigned)}});
  }
  if (after.draining && !before.draining) {
    log.info(after.stopping ? "draining: siblings take over; a second signal stops at once"
                            : "draining: siblings take over; then it waits to be stopped");
  }
  if (after.handed_over && !before.handed_over) {
    log.info("drained: everything is handed over",
             {{"took", format_duration(after.hand_over_took)}});
  }
  const std::string why = left_behind(after.drain_end);
  if (after.drain_end != before.drain_end && !why.empty()) {
    log.warning("not all targets were handed over", {{"reason", why}});
  }
  if (after.drained && !before.drained) log.info("drained; waits to be stopped");
}

std::size_t held_together(const Snapshot& snapshot) {
  return static_cast<std::size_t>(
      std::ranges::count(snapshot.held_targets, false, &HeldTarget::alone));
}

void report_guards(const Snapshot& before, const Snapshot& after, const Log& log) {
  for (const KeptMember& kept : after.kept_members) {
    const auto known = std::ranges::find(before.kept_members, kept.name, &KeptMember::name);
    if (known != before.kept_members.end()) continue;
    log.warning("a sibling's key vanished; it keeps its share while it answers",
                {{"node", kept.name}});
  }
  for (const HeldTarget& held : after.held_targets) {
    if (!held.alone || std::ranges::find(before.held_targets, held.key, &HeldTarget::key) !=
                           before.held_targets.end())
      continue;
    log.warning("a node of the level below vanished; it is held until its siblings take over",
                {{"node", held.address}});
  }
  const std::size_t many = held_together(after);
  if (many > 0 && held_together(before) == 0) {
    log.warning("too many targets vanished at once; they are held until they are down",
                {{"targets", std::to_string(many)}});
  } else if (after.held_targets.empty() && !before.held_targets.empty()) {
    log.info("no target is held any more");
  }
}

void report_rejected(const Snapshot& before, const Snapshot& after, const Log& log) {
  for (const Rejected& rejected : after.rejected_examples) {
    if (std::ranges::find(before.rejected_examples, rejected) != before.rejected_examples.end())
      continue;
    log.warning("key rejected", {{"key", printable(rejected.key)}, {"reason", rejected.reason}});
  }
}

void report_config(const Snapshot& before, const Snapshot& after, const Log& log) {
  const auto reason = [](const Snapshot& one) {
    return one.last_refusal ? one.last_refusal->who + ": " + one.last_refusal->reason : "";
  };
  if (after.last_refusal && reason(before) != reason(after)) {
    log.error("configuration not in use; the last good one stays", {{"reason", reason(after)}});
  }
  const auto pending = [](const Snapshot& one) {
    return one.prometheus_up ? one.config_pending : "";
  };
  if (!pending(after).empty() && pending(after) != pending(before)) {
    log.warning("configuration not loaded yet", {{"reason", pending(after)}});
  }
  const auto accepted = [](const Snapshot& one) {
    const auto found = one.reloads.find("accepted");
    return found == one.reloads.end() ? 0 : found->second;
  };
  if (accepted(after) > accepted(before)) log.info("configuration accepted by Prometheus");
}

void report_prometheus(const Snapshot& before, const Snapshot& after, const Log& log) {
  if (after.prometheus_up && !before.prometheus_up) {
    log.info("Prometheus is ready", {{"version", after.prometheus_version}});
  } else if (!after.prometheus_up && after.prometheus_reason != before.prometheus_reason) {
    log.warning("Prometheus is not ready", {{"reason", after.prometheus_reason}});
  }
}

}  // namespace

void report_changes(const Snapshot& before, const Snapshot& after, const Log& log) {
  report_source(before.members_source, after.members_source, "registry", log);
  report_source(before.targets_source, after.targets_source, "scrape", log);
  report_members(before, after, log);
  report_rejected(before, after, log);
  report_guards(before, after, log);
  report_targets(before, after, log);
  report_hand_over(before, after, log);
  report_config(before, after, log);
  report_prometheus(before, after, log);
  report_registration(before, after, log);
  if (after.ready() && !before.ready()) log.info("ready");
}

}  // namespace promster
