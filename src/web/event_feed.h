#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/inbox.h"
#include "base/published.h"
#include "core/snapshot.h"

namespace promster {

// An event for the readers of /api/v1/events.
struct WebEvent {
  std::string name;  // "status", "change"
  std::string data;  // one line of JSON
};

// Makes the events of snapshots: `status` when anything of a status but the time has changed, and
// as a sign of life; `change` for each entry of the history that was added or completed. What the
// history holds at the first snapshot is no news.
//
// Thread rule: one thread.
class EventFeed {
 public:
  static constexpr Duration kPause{250};       // between two looks at the snapshot
  static constexpr Duration kHeartbeat{5000};  // a status without news

  explicit EventFeed(Duration heartbeat = kHeartbeat) : heartbeat_(heartbeat) {}

  // The news of this snapshot, the changes in their order before the status. REQUIRES: not before
  // due().
  std::vector<WebEvent> look(const Snapshot& snapshot, SteadyTime now);

  // When a snapshot that comes now may be looked at; long ago where at once.
  SteadyTime due() const { return looked_ ? *looked_ + kPause : SteadyTime{}; }
  // When the next status is sent without news.
  SteadyTime heartbeat() const { return told_ + heartbeat_; }

 private:
  void take_changes(const Snapshot& snapshot, std::vector<WebEvent>& events);

  const Duration heartbeat_;
  std::optional<SteadyTime> looked_;
  SteadyTime told_{};   // when the last status was sent
  std::string status_;  // it, without the time
  std::shared_ptr<const History::Changes> changes_;
};

// Says that there is a new snapshot.
struct SnapshotShown {};

// Gives the events of each new snapshot to `publish`, at most four times a second, the last
// snapshot of a flurry being looked at, too; until it is asked to stop.
//
// Thread rule: a thread of its own, which this blocks, and the one reader of `shown`. All but the
// token must outlive the call.
void feed_events(const Published<Snapshot>& snapshot, Inbox<SnapshotShown>& shown,
                 const std::function<void(WebEvent)>& publish, const std::stop_token& stop,
                 Duration heartbeat = EventFeed::kHeartbeat);

}  // namespace promster
