#pragma once

#include <functional>
#include <stop_token>

#include "base/inbox.h"
#include "core/event.h"

namespace promster {

// Keeps SIGTERM, SIGINT, SIGHUP, SIGUSR1 and SIGUSR2 from interrupting this thread and all it
// starts, so that watch_signals() gets them, and ignores SIGPIPE. Call before the first thread is
// started.
void block_signals();

// Tells of each of these, by number, until it is asked to stop (SIGUSR2 is what wakes it then).
// Thread rule: a thread of its own, which this blocks and which makes the calls. REQUIRES:
// block_signals() before.
void watch_signals(const std::function<void(int)>& tell, std::stop_token stop);

// The same for the loop of an agent: SIGTERM and SIGINT as StopAsked, SIGHUP as RefreshAsked,
// SIGUSR1 as RemovalConfirmed. SIGUSR2 does nothing.
void watch_signals(Inbox<Event>& inbox, std::stop_token stop);

}  // namespace promster
