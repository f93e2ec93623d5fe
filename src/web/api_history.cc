#include "web/api_history.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "base/text.h"
#include "web/json_object.h"

namespace promster {
namespace {

constexpr std::size_t kMostNamed = 3;

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string short_seconds(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  return text.data();
}

std::string_view verb(MemberChange::Kind kind) {
  if (kind == MemberChange::Kind::kDraining) return "is draining";
  if (kind == MemberChange::Kind::kKept) return "is kept";
  if (kind == MemberChange::Kind::kBack) return "is back";
  return change_word(kind);
}

std::string member_words(const MemberChange& change) {
  const std::string words = printable(change.member) + " " + std::string(verb(change.kind));
  return change.reason.empty() ? words : words + " (" + printable(change.reason) + ")";
}

// Whether the node lost or got targets, so that its time says something about the change.
bool names(const ClusterChange& change, std::string_view node) {
  return std::ranges::any_of(
      change.moves, [node](const MoveCount& move) { return move.from == node || move.to == node; });
}

std::string member_change_json(const MemberChange& change) {
  return JsonObject()
      .text("member", change.member)
      .text("change", change_word(change.kind))
      .text("reason", change.reason)
      .str();
}

std::string example_json(const MovedTarget& moved) {
  return JsonObject()
      .text("address", moved.address)
      .text("from", moved.from)
      .text("to", moved.to)
      .str();
}

}  // namespace

std::string_view change_word(MemberChange::Kind kind) {
  switch (kind) {
    case MemberChange::Kind::kJoined:
      return "joined";
    case MemberChange::Kind::kLeft:
      return "left";
    case MemberChange::Kind::kDraining:
      return "draining";
    case MemberChange::Kind::kKept:
      return "kept";
    case MemberChange::Kind::kBack:
      return "back";
    case MemberChange::Kind::kOther:
      break;
  }
  return "restarted";
}

std::string change_summary(const ClusterChange& change, std::string_view node) {
  std::vector<std::string> parts;
  for (const MemberChange& member : change.members) {
    if (parts.size() == kMostNamed) {
      parts.push_back(counted(change.members.size() - kMostNamed, "more node"));
      break;
    }
    parts.push_back(member_words(member));
  }
  if (change.targets_added > 0) parts.push_back(counted(change.targets_added, "target") + " new");
  if (change.targets_removed > 0) {
    parts.push_back(counted(change.targets_removed, "target") + " gone");
  }
  if (change.targets_moved > 0) {
    parts.push_back(counted(change.targets_moved, "target") + " moved");
    if (change.settled_seconds && names(change, node)) {
      parts.push_back("settled here in " + short_seconds(*change.settled_seconds));
    }
  }
  std::string summary;
  for (const std::string& part : parts) summary += (summary.empty() ? "" : ", ") + part;
  return summary.empty() ? "nothing moved" : summary;
}

std::string move_json(const MoveCount& move) {
  return JsonObject()
      .text("from", move.from)
      .text("to", move.to)
      .count("targets", move.targets)
      .str();
}

std::string change_json(const ClusterChange& change, std::string_view node) {
  return JsonObject()
      .count("id", change.id)
      .number("time", change.time)
      .integer("revision", change.revision)
      .text("summary", change_summary(change, node))
      .json("members", json_array(change.members, member_change_json))
      .count("targets_added", change.targets_added)
      .count("targets_removed", change.targets_removed)
      .count("targets_moved", change.targets_moved)
      .json("moves", json_array(change.moves, move_json))
      .json("examples", json_array(change.examples, example_json))
      .number("written_seconds", change.written_seconds)
      .number("settled_seconds", change.settled_seconds)
      .str();
}

std::string history_json(const Snapshot& snapshot, std::size_t offset, std::size_t limit) {
  const History::Changes& all = *snapshot.changes;
  const std::size_t first = std::min(offset, all.size());
  const std::size_t end = first + std::min(limit, all.size() - first);
  History::Changes page;
  for (std::size_t i = first; i < end; ++i) page.push_back(all[all.size() - 1 - i]);
  JsonObject data;
  data.count("total", all.size()).json("changes", json_array(page, [&](const auto& change) {
                                         return change_json(*change, snapshot.node);
                                       }));
  if (page.empty()) {
    data.text("empty_because", all.empty() ? "nothing has changed since this node started"
                                           : "there are only " + std::to_string(all.size()));
  }
  return data.str();
}

}  // namespace promster
