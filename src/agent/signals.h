#pragma once

#include <stop_token>

#include "base/inbox.h"
#include "core/event.h"

namespace promster {

// Keeps SIGTERM, SIGINT, SIGHUP and SIGUSR2 from interrupting this thread and all it starts, so
// that watch_signals() gets them, and ignores SIGPIPE. Call before the first thread is started.
void block_signals();

// Turns SIGTERM and SIGINT into StopAsked and SIGHUP into RefreshAsked, until it is asked to stop.
// SIGUSR2 is what wakes it then; one from outside does nothing.
// Thread rule: a thread of its own, which this blocks. REQUIRES: block_signals() before.
void watch_signals(Inbox<Event>& inbox, std::stop_token stop);

}  // namespace promster
