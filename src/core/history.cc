#include "core/history.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace promster {
namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

bool only_targets(const ClusterChange& change) {
  return change.members.empty();
}

// A later change of targets, put to the one before it.
void merge(ClusterChange& into, ClusterChange&& later) {
  into.revision = later.revision;
  into.targets_added += later.targets_added;
  into.targets_removed += later.targets_removed;
  into.targets_moved += later.targets_moved;
  for (const MoveCount& move : later.moves) {
    const auto same = std::ranges::find_if(into.moves, [&](const MoveCount& one) {
      return one.from == move.from && one.to == move.to;
    });
    same == into.moves.end() ? into.moves.push_back(move) : void(same->targets += move.targets);
  }
  std::ranges::stable_sort(into.moves, std::ranges::greater(), &MoveCount::targets);
  if (into.moves.size() > ClusterChange::kMostMoves) into.moves.resize(ClusterChange::kMostMoves);
  for (MovedTarget& moved : later.examples) {
    if (into.examples.size() < ClusterChange::kMostExamples) {
      into.examples.push_back(std::move(moved));
    }
  }
  into.written_seconds.reset();
  into.settled_seconds.reset();
}

}  // namespace

void History::add(ClusterChange change, SteadyTime now) {
  shown_changes_.reset();
  if (!changes_.empty() && only_targets(change) && only_targets(*changes_.back().change) &&
      now - changes_.back().since < kTogether) {
    Open& last = changes_.back();
    // What was shown stays as it was shown.
    last.change = std::make_shared<ClusterChange>(*last.change);
    merge(*last.change, std::move(change));
    last.latest = now;
    return;
  }
  change.id = next_change_++;
  changes_.push_back({std::make_shared<ClusterChange>(std::move(change)), now, now});
  if (changes_.size() > kMostChanges) changes_.pop_front();
}

void History::fill(std::optional<double> ClusterChange::*field, SteadyTime now) {
  // Changes end in order, so the first one that has ended ends the walk.
  for (auto open = changes_.rbegin(); open != changes_.rend(); ++open) {
    if ((*open->change).*field) break;
    if (field == &ClusterChange::settled_seconds && !open->change->written_seconds) continue;
    auto filled = std::make_shared<ClusterChange>(*open->change);
    (*filled).*field = seconds(now - open->latest);
    open->change = std::move(filled);
    shown_changes_.reset();
  }
}

void History::written(SteadyTime now) {
  fill(&ClusterChange::written_seconds, now);
}

void History::settled(SteadyTime now) {
  fill(&ClusterChange::settled_seconds, now);
}

void History::add(ReloadRecord reload) {
  shown_reloads_.reset();
  reload.id = next_reload_++;
  reloads_.push_back(std::make_shared<const ReloadRecord>(std::move(reload)));
  if (reloads_.size() > kMostReloads) reloads_.pop_front();
}

std::shared_ptr<const History::Changes> History::changes() const {
  if (!shown_changes_) {
    Changes changes;
    for (const Open& open : changes_) changes.push_back(open.change);
    shown_changes_ = std::make_shared<const Changes>(std::move(changes));
  }
  return shown_changes_;
}

std::shared_ptr<const History::Reloads> History::reloads() const {
  if (!shown_reloads_) {
    shown_reloads_ = std::make_shared<const Reloads>(reloads_.begin(), reloads_.end());
  }
  return shown_reloads_;
}

}  // namespace promster
