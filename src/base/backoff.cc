#include "base/backoff.h"

#include <algorithm>
#include <cmath>

namespace promster {

Backoff::Backoff(Options options, std::uint64_t seed)
    : options_(options),
      current_ms_(static_cast<double>(options.first.count())),
      state_(seed + 0x9e3779b97f4a7c15) {}

std::chrono::milliseconds Backoff::next() {
  const double bound = current_ms_;
  current_ms_ = std::min(current_ms_ * options_.factor, static_cast<double>(options_.most.count()));
  const double wait = options_.jitter ? bound * draw() : bound;
  return std::chrono::milliseconds(std::max<std::int64_t>(1, std::llround(wait)));
}

void Backoff::reset() { current_ms_ = static_cast<double>(options_.first.count()); }

// splitmix64 (Steele, Lea, Flood, 2014); the top 53 bits as a fraction in (0, 1].
double Backoff::draw() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  return (static_cast<double>(z >> 11) + 1.0) * 0x1.0p-53;
}

}  // namespace promster
