#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/inbox.h"
#include "cluster/event_report.h"
#include "cluster/node.h"
#include "core/event.h"

namespace promster {

struct CampaignOptions {
  std::string binary;               // promster
  std::vector<std::string> events;  // names of accuracy_events(), in the order they happen
  int targets = 20;                 // a multiple of kStageGroup
  double rate = 50;                 // requests per second of each target
  Duration interval{5000};
  Duration ttl{5000};
  Duration window{90'000};  // for how long each event is watched
  Environment environment;  // of every node, beside what the levels need
};

// The seconds before an event that are reported with it.
inline constexpr double kLeadSeconds = 10;

// One thing that may happen to a hierarchy, and the nodes that there are before.
struct AccuracyEvent {
  std::string name;
  std::string what;
  int level1 = 1;
  int level2 = 1;
  // Where not 0, the event is about a hierarchy of another kind, and happens alone.
  int targets = 0;
  Duration interval{0};
};

// All there are, in the order in which they disturb each other the least.
const std::vector<AccuracyEvent>& accuracy_events();

// Starts a hierarchy, lets the events happen to it one after the other, each after the total has
// been right for a while, and watches what becomes of the total. `stop` ends it early, which is an
// error. Says on `progress` what it does. All processes have ended when it returns.
// REQUIRES: at least one event. Thread rule: one thread, which outlives it.
Result<std::vector<EventReport>> run_campaign(const CampaignOptions& options, Inbox<Event>& stop,
                                              std::ostream& progress);

}  // namespace promster
