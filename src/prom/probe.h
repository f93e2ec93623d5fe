#pragma once

#include <stop_token>
#include <string>

#include "base/duration.h"
#include "base/inbox.h"
#include "core/event.h"

namespace promster {

struct ProbeOptions {
  std::string url;          // of Prometheus, with its route prefix
  Duration interval{1000};  // from one look to the next
  Duration timeout{1000};   // of one look
};

// Looks whether Prometheus is ready (/-/ready) until it is asked to stop, and tells of it by
// PrometheusSeen: at the first look, and whenever what it found differs from the last time. Once
// Prometheus is ready its version is asked for as well. Returns within `timeout` of the request.
//
// Thread rule: a thread of its own, which this blocks. `inbox` must outlive the call.
void watch_prometheus(const ProbeOptions& options, Inbox<Event>& inbox, std::stop_token stop);

}  // namespace promster
