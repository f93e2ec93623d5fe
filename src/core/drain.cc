#include "core/drain.h"

#include <algorithm>

namespace promster {

std::string_view drain_end_name(DrainEnd end) {
  switch (end) {
    case DrainEnd::kNotYet:
      return "";
    case DrainEnd::kHandedOver:
      return "handed_over";
    case DrainEnd::kNobody:
      return "nobody";
    case DrainEnd::kNothing:
      return "nothing";
    case DrainEnd::kEtcdSilent:
      return "etcd_silent";
    case DrainEnd::kTimeUp:
      return "time_up";
    case DrainEnd::kCutShort:
      return "cut_short";
  }
  return "";
}

void Drain::begin(SteadyTime now) {
  if (!begun_) begun_ = now;
}

void Drain::watch(std::size_t counted, SteadyTime now) {
  if (!begun_ || counted > 0) {
    handed_over_.reset();
  } else if (!handed_over_) {
    handed_over_ = now;
  }
}

std::optional<SteadyTime> Drain::deadline() const {
  if (!begun_) return std::nullopt;
  const SteadyTime last = *begun_ + options_.budget;
  return handed_over_ ? std::min(last, *handed_over_ + options_.settle) : last;
}

bool Drain::over(SteadyTime now) const {
  const auto when = deadline();
  return when && *when <= now;
}

}  // namespace promster
