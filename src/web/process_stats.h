#pragma once

#include <optional>
#include <string>

namespace promster {

// What the kernel says of this process, under the names and in the units of the metrics that
// Prometheus's client libraries define (prometheus.io/docs, "Writing client libraries": process
// metrics). A figure that could not be read is absent.
struct ProcessStats {
  std::optional<double> cpu_seconds;
  std::optional<double> start_time;  // unix seconds
  std::optional<double> resident_bytes;
  std::optional<double> virtual_bytes;
  std::optional<double> open_fds;
  std::optional<double> max_fds;
};

// Reads /proc/self/stat, /proc/self/fd and /proc/stat (man 5 proc). Thread rule: any thread.
ProcessStats read_process_stats();

}  // namespace promster
