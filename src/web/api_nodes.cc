#include "web/api_nodes.h"

#include <algorithm>
#include <map>

#include "web/json_object.h"

namespace promster {
namespace {

std::size_t load_of(const ClusterPicture& picture, const std::string& name) {
  if (!picture.sharded) return picture.targets.size();
  const auto& members = picture.sharing.members;
  const auto found = std::ranges::lower_bound(members, name);
  if (found == members.end() || *found != name) return 0;
  const auto index = static_cast<std::size_t>(found - members.begin());
  return index < picture.load.size() ? picture.load[index] : 0;
}

std::optional<bool> agreement(const Member& one, const std::string& applied_here) {
  if (one.applied.empty() || applied_here.empty()) return std::nullopt;
  return one.applied == applied_here;
}

std::string node_json(const NodeRow& row) {
  JsonObject node;
  node.text("name", row.member.name)
      .text("state", row.state())
      .flag("self", row.self)
      .count("targets", row.targets)
      .text("algorithm", row.member.algorithm)
      .text("version", row.member.version)
      .text("web", row.member.web)
      .text("prometheus", "http://" + row.member.name)
      .json("agrees", !row.agrees   ? "null"
                      : *row.agrees ? "true"
                                    : "false");
  return node.str();
}

}  // namespace

std::string_view NodeRow::state() const {
  if (kept) return "kept";
  return member.state == MemberState::kDraining ? "draining" : "active";
}

std::vector<NodeRow> node_rows(const Snapshot& snapshot) {
  std::map<std::string, NodeRow> rows;
  std::string applied_here;
  for (const Member& member : snapshot.members) {
    rows[member.name].member = member;
    if (member.name == snapshot.node) applied_here = member.applied;
  }
  for (const KeptMember& kept : snapshot.kept_members) {
    NodeRow& row = rows[kept.name];
    row.member.name = kept.name;
    row.kept = true;
  }
  std::vector<NodeRow> result;
  for (auto& [name, row] : rows) {
    row.self = name == snapshot.node;
    row.targets = load_of(*snapshot.cluster, name);
    row.agrees = agreement(row.member, applied_here);
    result.push_back(std::move(row));
  }
  return result;
}

Balance cluster_balance(const ClusterPicture& picture) {
  if (!picture.sharded || picture.load.empty()) {
    const std::size_t each = picture.sharded ? 0 : picture.targets.size();
    return {.fair = static_cast<double>(each), .most = each, .least = each};
  }
  std::size_t sum = 0;
  for (const std::size_t one : picture.load) sum += one;
  const auto [least, most] = std::ranges::minmax(picture.load);
  const double fair = static_cast<double>(sum) / static_cast<double>(picture.load.size());
  return {.fair = fair,
          .most = most,
          .least = least,
          .max_over_mean = sum == 0 ? 1 : static_cast<double>(most) / fair};
}

std::size_t cluster_capacity(const ClusterPicture& picture) {
  return picture.sharded ? picture.sharing.assignment.capacity() : picture.targets.size();
}

std::string no_nodes_reason(const Snapshot& snapshot, const NodeView& view) {
  const SourceSnapshot& source = snapshot.members_source;
  if (!source.enabled) return "no registry is set, so this node scrapes every target by itself";
  if (!source.synced) return "the registry was not listed yet: " + source.reason;
  return "no keys below " + view.registry_prefix + " at revision " +
         std::to_string(source.revision);
}

std::string balance_json(const Balance& balance, std::size_t capacity) {
  return JsonObject()
      .number("fair", balance.fair)
      .count("most", balance.most)
      .count("least", balance.least)
      .number("max_over_mean", balance.max_over_mean)
      .count("capacity", capacity)
      .str();
}

std::string nodes_json(const Snapshot& snapshot, const NodeView& view) {
  const ClusterPicture& picture = *snapshot.cluster;
  const std::vector<NodeRow> rows = node_rows(snapshot);
  JsonObject data;
  data.integer("revision", snapshot.members_source.revision)
      .json("balance", balance_json(cluster_balance(picture), cluster_capacity(picture)));
  if (rows.empty()) data.text("empty_because", no_nodes_reason(snapshot, view));
  return data.json("nodes", json_array(rows, node_json)).str();
}

}  // namespace promster
