#pragma once

#include <stop_token>
#include <string>

#include "base/duration.h"
#include "base/inbox.h"
#include "core/event.h"

namespace promster {

struct ProbeOptions {
  std::string url;                   // of Prometheus, with its route prefix
  Duration interval{1000};           // from one look to the next
  Duration timeout{1000};            // of one look
  Duration scrape_interval{30'000};  // of the targets
  Duration scrapes_timeout{2000};    // of one look at what is scraped
};

// What the control thread wants to know beside whether Prometheus is ready. It stands until the
// next one.
struct ProbeWish {
  bool scrapes = false;  // when each target was scraped last
};

// Looks whether Prometheus is ready (/-/ready) until it is asked to stop, and tells of it by
// PrometheusSeen: at the first look, and whenever what it found differs from the last time. Once
// Prometheus is ready, its version and when it started are asked for as well, the latter again at
// every tenth look, so that a restart is seen however quick it was.
//
// While somebody wishes so and Prometheus is ready, looks at what it scrapes, and tells of it by
// ScrapesSeen: at once, and then every second, or twice a scrape interval where that is shorter
// than 2 s, but not more often than every 200 ms, nor for more than half of the time. An answer
// that cannot be read says nothing.
//
// Returns within `timeout` or `scrapes_timeout` of the request to stop.
//
// Thread rule: a thread of its own, which this blocks, and the one reader of `wishes`. Both inboxes
// must outlive the call.
void watch_prometheus(const ProbeOptions& options, Inbox<ProbeWish>& wishes, Inbox<Event>& events,
                      std::stop_token stop);

}  // namespace promster
