#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promster {

// A length of time as Prometheus writes it, to the millisecond.
using Duration = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

// Reads a Prometheus duration: "5s", "1m30s", "1h", "0". Units y w d h m s ms, each at most once, in
// this order, with no sign and no space (prometheus.io/docs, "Configuration": <duration>). Fails with
// a message that shows a correct one.
Result<Duration> parse_duration(std::string_view text);

// The form Prometheus itself prints, which parse_duration reads back: 90,000 ms is "1m30s", and years
// and weeks appear only where they divide the whole. Zero is "0s".
// REQUIRES: duration >= 0.
std::string format_duration(Duration duration);

}  // namespace promster
