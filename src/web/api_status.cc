#include "web/api_status.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/version.h"
#include "web/api_nodes.h"
#include "web/json_object.h"

namespace promster {
namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::string kept_json(const KeptMember& kept) {
  return JsonObject()
      .text("name", kept.name)
      .number("since", kept.since)
      .number("until", kept.until)
      .str();
}

std::string members_json(const Snapshot& snapshot) {
  std::size_t active = 0, draining = 0;
  const std::vector<NodeRow> rows = node_rows(snapshot);
  for (const NodeRow& row : rows) {
    if (row.kept) continue;
    row.member.state == MemberState::kDraining ? ++draining : ++active;
  }
  return JsonObject()
      .count("total", rows.size())
      .count("active", active)
      .count("draining", draining)
      .json("kept", json_array(snapshot.kept_members, kept_json))
      .str();
}

std::string rejected_json(const Snapshot& snapshot) {
  std::uint64_t total = 0;
  JsonObject by_code;
  for (const auto& [code, count] : snapshot.targets_rejected) {
    total += count;
    by_code.count(code, count);
  }
  const auto example = [](const Rejected& rejected) {
    return JsonObject()
        .text("key", rejected.key)
        .text("code", rejected.code)
        .text("reason", rejected.reason)
        .str();
  };
  return JsonObject()
      .count("total", total)
      .json("by_code", by_code.str())
      .json("examples", json_array(snapshot.rejected_examples, example))
      .str();
}

std::string targets_json(const Snapshot& snapshot) {
  return JsonObject()
      .count("discovered", snapshot.targets_discovered)
      .count("assigned", snapshot.targets_assigned)
      .count("moving", snapshot.targets_handing_over)
      .json("rejected", rejected_json(snapshot))
      .count("held", snapshot.held_targets.size())
      .count("confirmations", snapshot.removal_confirmations)
      .str();
}

std::string source_json(const SourceSnapshot& source) {
  return JsonObject()
      .flag("enabled", source.enabled)
      .flag("synced", source.synced)
      .flag("up", source.up)
      .integer("revision", source.revision)
      .text("reason", source.up ? "" : source.reason)
      .str();
}

std::string registration_json(const Snapshot& snapshot, const StatusClock& clock) {
  return JsonObject()
      .flag("registered", snapshot.registered)
      .flag("withdrawn", snapshot.withdrawn)
      .text("reason", snapshot.registered ? "" : snapshot.registration_reason)
      .number("lease_ttl", seconds(snapshot.lease_ttl))
      .number("lease_remaining", clock.lease_remaining)
      .str();
}

std::string prometheus_json(const Snapshot& snapshot) {
  return JsonObject()
      .flag("up", snapshot.prometheus_up)
      .text("reason", snapshot.prometheus_up ? "" : snapshot.prometheus_reason)
      .text("version", snapshot.prometheus_version)
      .text("url", snapshot.node.empty() ? "" : "http://" + snapshot.node)
      .str();
}

std::string configuration_json(const Snapshot& snapshot) {
  const auto& refusal = snapshot.last_refusal;
  const double accepted = snapshot.last_reload_success_time;
  return JsonObject()
      .flag("in_use",
            snapshot.last_reload_successful && !refusal && snapshot.config_pending.empty())
      .number("last_accepted", accepted > 0 ? std::optional(accepted) : std::nullopt)
      .text("pending", snapshot.config_pending)
      .text("refused_by", refusal ? refusal->who : "")
      .text("refusal", refusal ? refusal->reason : "")
      .text("file_failure", snapshot.file_failure)
      .str();
}

std::string checksum_text(std::uint64_t checksum) {
  std::string text(17, '\0');
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(checksum));
  text.pop_back();
  return text;
}

}  // namespace

StatusClock status_clock(const Snapshot& snapshot, SteadyTime now) {
  const auto left = snapshot.lease_ttl - (now - snapshot.lease_confirmed);
  return {.time = snapshot.time,
          .lease_remaining = snapshot.registered ? std::max(0.0, seconds(left)) : 0};
}

std::string status_json(const Snapshot& snapshot, const StatusClock& clock) {
  const ClusterPicture& picture = *snapshot.cluster;
  return JsonObject()
      .number("time", clock.time)
      .text("node", snapshot.node)
      .text("service", snapshot.service)
      .text("version", kVersion)
      .number("started", snapshot.started)
      .text("instance", snapshot.instance)
      .integer("pid", snapshot.pid)
      .flag("ready", snapshot.ready())
      .texts("missing", snapshot.missing)
      .texts("degraded", snapshot.degraded)
      .json("members", members_json(snapshot))
      .json("targets", targets_json(snapshot))
      .json("etcd", JsonObject()
                        .json("registry", source_json(snapshot.members_source))
                        .json("scrape", source_json(snapshot.targets_source))
                        .str())
      .json("registration", registration_json(snapshot, clock))
      .json("prometheus", prometheus_json(snapshot))
      .json("configuration", configuration_json(snapshot))
      .flag("sharding", snapshot.sharding)
      .flag("draining", snapshot.draining)
      .number("drain_until",
              snapshot.drain_until > 0 ? std::optional(snapshot.drain_until) : std::nullopt)
      .flag("handed_over", snapshot.handed_over)
      .text("drain_end", std::string(drain_end_name(snapshot.drain_end)))
      .text("algorithm", snapshot.algorithm)
      .text("checksum", checksum_text(snapshot.assignment_checksum))
      .integer("revision", picture.revision)
      .json("balance", balance_json(cluster_balance(picture), cluster_capacity(picture)))
      .str();
}

}  // namespace promster
