#include "core/pace.h"

#include <algorithm>

namespace promster {

void Pace::changed(SteadyTime now) {
  if (!first_) first_ = now;
  last_ = now;
}

void Pace::acted(SteadyTime now) {
  first_.reset();
  last_.reset();
  acted_ = now;
}

std::optional<SteadyTime> Pace::deadline() const {
  if (!first_) return std::nullopt;
  const SteadyTime settled = std::min(*last_ + options_.quiet, *first_ + options_.at_most);
  return acted_ ? std::max(settled, *acted_ + options_.between) : settled;
}

bool Pace::due(SteadyTime now) const {
  const auto when = deadline();
  return when && *when <= now;
}

}  // namespace promster
