#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "core/snapshot.h"
#include "core/target_health.h"
#include "web/node_view.h"

// Targets as a page or an answer lists them.
namespace promster {

// Which targets are wanted. `up`, `down` and `unknown` are what the owners' Prometheus servers say,
// which are asked; the others are known here.
enum class TargetFilter { kAny, kUp, kDown, kUnknown, kMoving, kHeld, kRejected };

// "", "up", "down", ...; none where the word is none of them.
std::optional<TargetFilter> target_filter(std::string_view word);

struct TargetsQuestion {
  // Bytes of query.words: each word is looked for in each target.
  static constexpr std::size_t kMostWords = 1000;

  TargetQuery query;
  TargetFilter filter = TargetFilter::kAny;
  bool health = false;  // whether the owners are asked how the targets of the page are
};

struct TargetRow {
  enum class State { kAssigned, kMoving, kHeld, kRejected };
  std::string address, key;
  Labels labels;
  std::vector<std::string> owners;  // the best first; none: held or rejected
  State state = State::kAssigned;
  std::string reason;                  // why it is rejected, or what it waits for
  std::optional<TargetHealth> health;  // where it was asked for
  std::optional<HeldTarget> held;      // where it is held
};

// "assigned", "moving", "held", "rejected".
std::string_view state_word(TargetRow::State state);

struct TargetsPage {
  std::int64_t revision = 0;
  std::size_t total = 0;  // of all that match
  std::size_t offset = 0, limit = 0;
  std::vector<TargetRow> rows;
  std::string empty_because;                     // why there is no row
  double search_seconds = 0;                     // without the questions to others
  std::map<std::string, std::string> not_asked;  // owner -> why it did not say how its targets are
};

// Whether the owners have to be asked for the answer, so that it may block for their deadline.
bool asks_owners(const TargetsQuestion& question);

// Searches the assigned targets; with words, and without an owner or a filter, what is held or
// rejected is found, too, behind them. Asks the owners where that is wanted, and so may block for
// their deadline. Any thread.
TargetsPage find_targets(const Snapshot& snapshot, const NodeView& view,
                         const TargetsQuestion& question);

// The names of a target's owners. Where nobody shares, this node is the one that we know of.
std::vector<std::string> owner_names(const Snapshot& snapshot, std::size_t target);

// What a held target waits for, in a sentence.
std::string waits_for(const HeldTarget& held);

}  // namespace promster
