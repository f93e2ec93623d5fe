#include "web/event_feed.h"

#include <algorithm>
#include <map>
#include <utility>

#include "web/api_history.h"
#include "web/api_status.h"

namespace promster {
namespace {

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

// Sleeps until `when`; a stop ends it early. Whether there was a new snapshot meanwhile.
bool sleep_until(SteadyTime when, Inbox<SnapshotShown>& shown, const std::stop_token& stop) {
  bool some = false;
  while (!stop.stop_requested() && !shown.closed() && now() < when) {
    some = !shown.wait_until(when).empty() || some;
  }
  return some;
}

}  // namespace

void EventFeed::take_changes(const Snapshot& snapshot, std::vector<WebEvent>& events) {
  if (snapshot.changes == changes_) return;
  const auto before = std::exchange(changes_, snapshot.changes);
  if (!before) return;
  // An entry that was completed is another object of the same id.
  std::map<std::uint64_t, const ClusterChange*> known;
  for (const auto& change : *before) known[change->id] = change.get();
  for (const auto& change : *snapshot.changes) {
    const auto same = known.find(change->id);
    if (same != known.end() && same->second == change.get()) continue;
    events.push_back({.name = "change", .data = change_json(*change, snapshot.node)});
  }
}

std::vector<WebEvent> EventFeed::look(const Snapshot& snapshot, SteadyTime now) {
  looked_ = now;
  std::vector<WebEvent> events;
  take_changes(snapshot, events);
  std::string timeless = status_json(snapshot, {});
  if (timeless == status_ && now < heartbeat()) return events;
  status_ = std::move(timeless);
  told_ = now;
  events.push_back({.name = "status", .data = status_json(snapshot, status_clock(snapshot, now))});
  return events;
}

void feed_events(const Published<Snapshot>& snapshot, Inbox<SnapshotShown>& shown,
                 const std::function<void(WebEvent)>& publish, const std::stop_token& stop,
                 Duration heartbeat) {
  const std::stop_callback wake(stop, [&shown] { shown.push({}); });
  EventFeed feed(heartbeat);
  while (!stop.stop_requested() && !shown.closed()) {
    for (WebEvent& event : feed.look(*snapshot.get(), now())) publish(std::move(event));
    if (!sleep_until(feed.due(), shown, stop)) shown.wait_until(feed.heartbeat());
  }
}

}  // namespace promster
