#pragma once

#include <optional>
#include <string_view>

#include "base/duration.h"

namespace promster {

// What the farewell of a node came to.
enum class DrainEnd {
  kNotYet,
  kHandedOver,
  kNobody,      // there is no sibling that stays
  kNothing,     // it has no share to hand over, or hand-over is switched off
  kEtcdSilent,  // nobody could be told
  kTimeUp,      // the budget was over before the last target was handed over
  kCutShort,    // it was asked to stop at once
};

// As the API says it: "handed_over", "nobody", "nothing", "etcd_silent", "time_up", "cut_short";
// empty: not yet.
std::string_view drain_end_name(DrainEnd end);

// The farewell of a node (semantics.md, 3.8): it says that it is draining, goes on scraping until
// the others have taken over everything and the level above has seen that, and only then gives its
// key back. It takes no longer than its budget.
//
// Thread rule: one thread.
class Drain {
 public:
  struct Options {
    Duration budget{};  // from the first signal to giving up the key
    Duration settle{};  // from the last target handed over to giving up the key
  };
  explicit Drain(Options options) : options_(options) {}

  void begin(SteadyTime now);
  bool begun() const { return begun_.has_value(); }
  // `counted`: how many targets our rules still count.
  void watch(std::size_t counted, SteadyTime now);
  // Whether the key may be given back.
  bool over(SteadyTime now) const;
  std::optional<SteadyTime> deadline() const;
  // Whether all was handed over, as opposed to the budget having run out.
  bool complete() const { return handed_over_.has_value(); }
  // From the first signal to the last target handed over; zero until then.
  Duration took() const {
    return handed_over_ ? std::chrono::duration_cast<Duration>(*handed_over_ - *begun_)
                        : Duration{};
  }

 private:
  Options options_;
  std::optional<SteadyTime> begun_, handed_over_;
};

}  // namespace promster
