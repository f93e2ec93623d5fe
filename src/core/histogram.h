#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace promster {

// Observations counted in buckets, as a Prometheus histogram has them: counts[i] holds what was at
// most bounds[i] and above the bound before; the last count, without a bound, the rest.
// Thread rule: one thread; copies are values.
struct Histogram {
  // Seconds, from a local call to a slow reload.
  std::vector<double> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                             0.25,  0.5,    1,     2.5,  5,     10,   30};
  std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(bounds.size() + 1);
  double sum = 0;

  void observe(double value) {
    const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
    ++counts[static_cast<std::size_t>(bucket)];
    sum += value;
  }

  std::uint64_t count() const {
    std::uint64_t total = 0;
    for (const std::uint64_t in_bucket : counts) total += in_bucket;
    return total;
  }
};

}  // namespace promster
