#include "web/api_simulate.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "core/address.h"
#include "core/shard_algorithm.h"
#include "web/api_answer.h"
#include "web/api_history.h"
#include "web/api_nodes.h"
#include "web/api_targets.h"
#include "web/json_object.h"

namespace promster {
namespace {

constexpr std::size_t kMostNodes = 1000;

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  for (const std::string_view part : split(list, ',')) {
    const std::string_view name = trim(part);
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

Result<void> read_add(const std::string& add, SimulationQuestion& question) {
  const char* const end = add.data() + add.size();
  const auto [read, error] = std::from_chars(add.data(), end, question.add);
  if (!add.empty() && read == end) {
    if (error == std::errc() && question.add <= kMostNodes) return {};
    return Error{"add; \"" + printable(add, 100) + "\" is no number from 0 to " +
                 std::to_string(kMostNodes) + "; try: add=1"};
  }
  question.add = 0;
  question.named = names_in(add);
  for (const std::string& name : question.named) {
    if (!parse_address(name)) {
      return Error{"add; \"" + printable(name, 100) +
                   "\" is neither a number nor host:port; try: add=1"};
    }
  }
  return {};
}

bool repeats(const std::vector<std::string>& names) {
  return std::set<std::string>(names.begin(), names.end()).size() != names.size();
}

// From whom to whom: what a target lost goes to who won it, one for one.
std::vector<MoveCount> counted(const std::vector<Move>& moves) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const Move& move : moves) {
    const std::size_t ways = std::max(move.from.size(), move.to.size());
    for (std::size_t i = 0; i < ways; ++i) {
      ++counts[{i < move.from.size() ? move.from[i] : "", i < move.to.size() ? move.to[i] : ""}];
    }
  }
  std::vector<MoveCount> result;
  for (const auto& [way, count] : counts) result.push_back({way.first, way.second, count});
  std::ranges::stable_sort(result, std::greater<>(), &MoveCount::targets);
  return result;
}

std::string loads_json(const Sharing& sharing, const Balance& balance, std::size_t capacity) {
  const std::vector<std::size_t> load = sharing.assignment.load();
  std::string nodes = "[";
  for (std::size_t i = 0; i < sharing.members.size(); ++i) {
    if (i > 0) nodes += ',';
    nodes += JsonObject().text("name", sharing.members[i]).count("targets", load[i]).str();
  }
  return JsonObject()
      .json("balance", balance_json(balance, capacity))
      .json("nodes", nodes + "]")
      .str();
}

std::string change_json(const ClusterPicture& picture, const SimulatedChange& change) {
  const WhatIfAnswer& answer = change.answer;
  return JsonObject()
      .integer("revision", picture.revision)
      .text("algorithm", algorithm_name(picture.algorithm))
      .count("moved", answer.moved)
      .number("fewest", answer.fewest)
      .count("targets", picture.targets.size())
      .json("before", loads_json(answer.before, answer.balance_before, change.capacity_before))
      .json("after", loads_json(answer.after, answer.balance_after, change.capacity_after))
      .json("moves", json_array(change.moves, move_json))
      .str();
}

}  // namespace

Result<SimulationQuestion> read_simulation_question(const std::string& add,
                                                    const std::string& remove) {
  SimulationQuestion question;
  if (auto read = read_add(add, question); !read) return read.error();
  question.remove = names_in(remove);
  if (question.add == 0 && question.named.empty() && question.remove.empty()) {
    return Error{"nobody comes and nobody goes; add and remove are missing; try: simulate?add=1"};
  }
  if (question.named.size() > kMostNodes || question.remove.size() > kMostNodes) {
    return Error{"more than " + std::to_string(kMostNodes) + " nodes; try: fewer"};
  }
  if (repeats(question.named)) return Error{"add; a node is named twice; try: each once"};
  if (repeats(question.remove)) return Error{"remove; a node is named twice; try: each once"};
  return question;
}

std::string why_nothing_moves(const Snapshot& snapshot) {
  std::string why = not_known_yet(snapshot);
  const ClusterPicture& picture = *snapshot.cluster;
  if (!why.empty() || (picture.sharded && !picture.sharing.members.empty())) return why;
  return "nothing would move; the targets are not shared; try: --registry.etcd-url";
}

Result<SimulatedChange> simulate_change(const Snapshot& snapshot,
                                        const SimulationQuestion& question) {
  const ClusterPicture& picture = *snapshot.cluster;
  const std::vector<ShardTarget> targets = picture.shard_targets();
  WhatIfQuestion asked{.targets = targets,
                       .members = picture.sharing.members,
                       .join = new_members(question.add, picture.sharing.members),
                       .leave = question.remove,
                       .algorithm = any_algorithm(picture.algorithm),
                       .options = {.slack = picture.slack, .replicas = picture.replicas}};
  asked.join.insert(asked.join.end(), question.named.begin(), question.named.end());
  auto answer = what_if(asked);
  if (!answer) return answer.error();
  SimulatedChange change{.answer = std::move(*answer)};
  change.capacity_before = change.answer.before.assignment.capacity();
  change.capacity_after = change.answer.after.assignment.capacity();
  change.moves = counted(change.answer.moves);
  return change;
}

WebResponse simulate_answer(const Snapshot& snapshot, const SimulationQuestion& question) {
  if (const std::string why = why_nothing_moves(snapshot); !why.empty()) {
    return api_error(ApiFault::kUnavailable, why);
  }
  const auto change = simulate_change(snapshot, question);
  if (!change) return api_error(ApiFault::kBadData, change.error().message);
  return api_success(change_json(*snapshot.cluster, *change));
}

}  // namespace promster
