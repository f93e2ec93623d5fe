#include "web/api_explain.h"

#include <utility>

#include "base/text.h"
#include "core/json_text.h"
#include "core/shard_algorithm.h"
#include "web/api_targets.h"
#include "web/health_rows.h"
#include "web/json_object.h"

namespace promster {
namespace {

NoExplanation unknown_target(const Snapshot& snapshot, const NodeView& view,
                             const std::string& name) {
  const std::string shown = "\"" + printable(name) + "\"";
  for (const Rejected& rejected : snapshot.rejected_examples) {
    if (rejected.key == name || rejected.key.ends_with("/" + name)) {
      return {ApiFault::kNotFound, shown + " is not scraped; " + rejected.reason};
    }
  }
  for (const HeldTarget& held : snapshot.held_targets) {
    if (held.key == name || held.address == name) {
      return {ApiFault::kNotFound, shown + " has no owner; " + waits_for(held)};
    }
  }
  const TargetTable& targets = snapshot.cluster->targets;
  std::vector<std::string> addresses;
  for (std::size_t i = 0; i < targets.size(); ++i) addresses.emplace_back(targets.address(i));
  const auto meant = did_you_mean(name, addresses);
  return {ApiFault::kNotFound, shown + " is no target; there are " +
                                   std::to_string(addresses.size()) + " below " +
                                   printable(view.scrape_prefix) + "; " +
                                   (meant ? "did you mean " + printable(*meant) + "?"
                                          : "try: /api/v1/targets?q=" + printable(name))};
}

std::vector<std::string> others_of(const TargetTable& targets, std::size_t chosen) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (i != chosen && targets.address(i) == targets.address(chosen)) {
      keys.emplace_back(targets.key(i));
    }
  }
  return keys;
}

// Nobody shares: there is nothing to compute.
Explanation explain_unshared(const Snapshot& snapshot) {
  return {.owners = {snapshot.node},
          .without = {{snapshot.node, {}}},
          .capacity = snapshot.cluster->targets.size(),
          .why = "the targets are not shared, so every node scrapes every target"};
}

Explanation explain_shared(const ClusterPicture& picture, std::size_t target) {
  return explain(picture.algorithm, picture.shard_targets(), picture.sharing.members,
                 {.slack = picture.slack, .replicas = picture.replicas}, target);
}

void ask_health(const NodeView& view, ExplainedRow& row) {
  if (!view.ask_health) return;
  std::vector<HealthQuestion> questions;
  for (const std::string& owner : row.told.owners) {
    questions.push_back({.owner = owner, .addresses = {row.target.address}, .words = true});
  }
  HealthFinder finder(view.ask_health);
  finder.ask(questions);
  row.health = finder.health_of(row.told.owners, row.target.address);
}

std::string score_json(const MemberScore& score) {
  return JsonObject()
      .text("member", score.member)
      .number("score", score.score)
      .count("targets", score.load)
      .flag("owner", score.owner)
      .str();
}

std::string row_json(const ExplainedRow& row) {
  const Explanation& told = row.told;
  JsonObject without;
  for (const auto& [owner, then] : told.without) without.texts(owner, then);
  return JsonObject()
      .text("target", row.target.address)
      .text("key", row.target.key)
      .json("labels", labels_json(row.target.labels))
      .texts("also", row.also)
      .text("algorithm", algorithm_name(told.algorithm))
      .text("owner", told.owners.front())
      .texts("owners", told.owners)
      .json("next_owner", told.next_owner.empty() ? "null" : json_quote(told.next_owner))
      .json("without", without.str())
      .text("why", told.why)
      .count("capacity", told.capacity)
      .json("scores", json_array(told.scores, score_json))
      .integer("revision", row.revision)
      .json("health", health_json(row.health))
      .str();
}

}  // namespace

Result<ExplainedRow, NoExplanation> explain_row(const Snapshot& snapshot, const NodeView& view,
                                                const std::string& key_or_address) {
  if (key_or_address.empty()) {
    return NoExplanation{ApiFault::kBadData,
                         "target; it is missing; try: explain?target=10.0.0.1:80"};
  }
  if (std::string why = not_known_yet(snapshot); !why.empty()) {
    return NoExplanation{ApiFault::kUnavailable, std::move(why)};
  }
  const ClusterPicture& picture = *snapshot.cluster;
  const auto found = picture.find(key_or_address);
  if (!found) return unknown_target(snapshot, view, key_or_address);
  if (picture.sharded && picture.sharing.members.empty()) {
    return NoExplanation{ApiFault::kUnavailable,
                         "nobody scrapes anything; no node is registered below " +
                             view.registry_prefix + "; try: promster run"};
  }
  ExplainedRow row{
      .target = picture.targets.target(*found),
      .also = others_of(picture.targets, *found),
      .told = picture.sharded ? explain_shared(picture, *found) : explain_unshared(snapshot),
      .revision = picture.revision};
  ask_health(view, row);
  return row;
}

WebResponse explain_answer(const Snapshot& snapshot, const NodeView& view,
                           const std::string& key_or_address) {
  const auto row = explain_row(snapshot, view, key_or_address);
  return row ? api_success(row_json(*row)) : api_error(row.error().fault, row.error().message);
}

}  // namespace promster
