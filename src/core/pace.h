#pragma once

#include <optional>

#include "base/duration.h"

namespace promster {

// When a change may be acted upon. A change that comes alone goes through after a short quiet time,
// in which what belongs to it can still arrive; under a stream of changes there is one action every
// `between`, whether or not it ever gets quiet (a pure debounce would starve).
//
// Thread rule: one thread.
class Pace {
 public:
  struct Options {
    Duration quiet{10};     // after the last change
    Duration at_most{50};   // after the first change not yet acted upon
    Duration between{200};  // from one action to the next
  };

  explicit Pace(Options options) : options_(options) {}

  void changed(SteadyTime now);
  void acted(SteadyTime now);

  // When the pending change is due; nullopt where nothing is pending.
  std::optional<SteadyTime> deadline() const;
  bool due(SteadyTime now) const;

 private:
  Options options_;
  std::optional<SteadyTime> first_, last_, acted_;
};

}  // namespace promster
