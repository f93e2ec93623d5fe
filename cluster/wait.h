#pragma once

#include <functional>
#include <string_view>

#include "base/duration.h"
#include "base/result.h"

namespace promster {

// Asks `condition` again and again, every `between`, until it succeeds or `most` is over: for what
// a real server can only be polled for. The error says what was waited for, how long, and what the
// condition said last: "wait for etcd to answer: not within 10s: connect: Connection refused".
// The condition is asked at least once. Any thread.
Result<void> wait_for(std::string_view what, Duration most,
                      const std::function<Result<void>()>& condition,
                      Duration between = Duration(25));
Result<void> wait_for(std::string_view what, Duration most, const std::function<bool()>& condition,
                      Duration between = Duration(25));

}  // namespace promster
