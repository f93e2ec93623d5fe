#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/duration.h"

namespace promster {

// What the registrar is to do: keep our key in etcd with this value, or give it this value as its
// last one and see that it is gone.
struct Registration {
  bool wanted = false;
  std::string value;
  std::uint64_t renewal = 0;  // a higher number than before: our key is gone, put it again at once

  bool operator==(const Registration&) const = default;
};

// Whether this node may call itself a member: once its Prometheus is ready and has its share, until
// that Prometheus has been down for 30 s, and again once it was ready for two scrape intervals.
//
// Thread rule: one thread.
class RegistrationPolicy {
 public:
  // `settle`: how long Prometheus must have been ready before a node that withdrew comes back.
  explicit RegistrationPolicy(Duration settle) : settle_(settle) {}

  void prometheus_seen(bool ready, SteadyTime now);
  void share_in_place() { share_in_place_ = true; }
  void stop() { stopping_ = true; }

  bool wanted(SteadyTime now);
  // Whether this node was a member and is none now, since its Prometheus is down.
  bool withdrawn() const { return withdrawn_ && !stopping_; }
  // When wanted() may change by time alone.
  std::optional<SteadyTime> deadline() const;

 private:
  Duration settle_;
  bool share_in_place_ = false;
  bool stopping_ = false;
  bool registered_before_ = false;
  bool withdrawn_ = false;
  bool ready_ = false;
  std::optional<SteadyTime> since_;  // of ready_
};

}  // namespace promster
