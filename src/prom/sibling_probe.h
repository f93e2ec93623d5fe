#pragma once

#include <set>
#include <stop_token>
#include <string>

#include "base/duration.h"
#include "base/inbox.h"
#include "core/event.h"

namespace promster {

struct SiblingProbeOptions {
  Duration interval{1000};   // from one probe of a sibling to the next
  Duration timeout{2000};    // of a probe
  int most_per_second = 10;  // probes, of all siblings together
};

// Which siblings are in question: the wish stands until the next one.
struct SiblingWish {
  std::set<std::string> names;  // host:port of the sibling's Prometheus
};

// Asks the Prometheus of each sibling in question whether it lives (GET http://NAME/-/ready): at
// once, and then every `interval`, until it is asked to stop; and tells by SiblingProbed how it
// went. Whoever answers with HTTP lives, be it a 503. Who does not is asked once more before that
// is told: at once, or where it kept us waiting, after that wait. The names come from etcd: one
// that is no address is not asked, and nobody is asked more often than `most_per_second` allows
// (semantics.md, 3.3 and row 54).
//
// Thread rule: a thread of its own, which this blocks, and the one reader of `wishes`. Both inboxes
// must outlive the call.
void probe_siblings(const SiblingProbeOptions& options, Inbox<SiblingWish>& wishes,
                    Inbox<Event>& events, std::stop_token stop);

}  // namespace promster
