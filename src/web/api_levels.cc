#include "web/api_levels.h"

#include <algorithm>
#include <array>
#include <vector>

#include "web/api_answer.h"
#include "web/json_object.h"

namespace promster {
namespace {

std::string node_json(const LevelNode& node) {
  return JsonObject()
      .text("name", node.member.name)
      .text("state", level_state_word(node.state))
      .text("algorithm", node.member.algorithm)
      .text("version", node.member.version)
      .text("web", node.member.web)
      .text("prometheus", "http://" + node.member.name)
      .str();
}

std::string level_json(const Snapshot& snapshot, const LevelsSeen& seen, const Level& level) {
  return JsonObject()
      .text("service", level.service)
      .integer("depth", level.depth)
      .flag("self", level.service == snapshot.service)
      .texts("scrapes", level.scrapes)
      .texts("feeds", level.feeds)
      .json("nodes", json_array(level_nodes(snapshot, seen, level), node_json))
      .str();
}

std::string source_json(const TargetPrefix& source) {
  return JsonObject()
      .text("prefix", source.prefix)
      .json("targets", source.targets ? std::to_string(*source.targets) : "null")
      .texts("feeds", source.feeds)
      .str();
}

std::string levels_json(const Snapshot& snapshot, const LevelsSeen& seen) {
  const Levels& levels = seen.levels;
  JsonObject data;
  data.integer("revision", levels.revision)
      .json("sources", json_array(levels.sources, source_json))
      .json("levels",
            json_array(levels.levels,
                       [&](const Level& level) { return level_json(snapshot, seen, level); }))
      .texts("loops", levels.loops);
  if (levels.levels.empty()) {
    data.text("empty_because",
              "no node is registered at revision " + std::to_string(levels.revision));
  }
  return data.str();
}

LevelNode::State state_of(const Member& member) {
  return member.state == MemberState::kDraining ? LevelNode::State::kDraining
                                                : LevelNode::State::kActive;
}

}  // namespace

std::string_view level_state_word(LevelNode::State state) {
  constexpr std::array<std::string_view, 4> kWords{"active", "draining", "kept", "down"};
  return kWords[static_cast<std::size_t>(state)];
}

std::vector<LevelNode> level_nodes(const Snapshot& snapshot, const LevelsSeen& seen,
                                   const Level& level) {
  std::map<std::string, LevelNode> nodes;
  for (const Member& member : level.members) {
    nodes[member.name] = {.member = member, .state = state_of(member)};
  }
  if (level.service == snapshot.service) {
    for (const KeptMember& kept : snapshot.kept_members) {
      LevelNode& node = nodes[kept.name];
      node.member.name = kept.name;
      node.state = LevelNode::State::kKept;
    }
  }
  std::vector<LevelNode> result;
  for (auto& [name, node] : nodes) {
    if (seen.silent.contains(name)) node.state = LevelNode::State::kDown;
    result.push_back(std::move(node));
  }
  return result;
}

WebResponse levels_answer(const Snapshot& snapshot, const NodeView& view) {
  if (!view.read_levels) {
    return api_error(ApiFault::kUnavailable,
                     "levels; no registry is set; try: --registry.etcd-url=http://etcd:2379");
  }
  const Result<LevelsSeen> seen = view.read_levels();
  if (!seen) return api_error(ApiFault::kUnavailable, seen.error().within("levels").message);
  return api_success(levels_json(snapshot, *seen));
}

}  // namespace promster
