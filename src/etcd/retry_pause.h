#pragma once

#include <cstdint>
#include <stop_token>

#include "base/backoff.h"
#include "etcd/etcd.h"

namespace promster {

// How long to wait after a failed call. Mostly short, and never longer than a fifth of the lease,
// so that after an outage everybody is back before its lease has run out. What a person has to mend
// waits longer: a wrong password 5 s to 60 s, a missing permission 10 s.
//
// Thread rule: one thread.
class RetryPause {
 public:
  RetryPause(Duration ttl, std::uint64_t seed);

  Duration after(const EtcdError& error);
  // After a success.
  void reset();

 private:
  Backoff quick_;
  Backoff patient_;
};

// Waits; less where a stop is asked for.
void pause_for(Duration duration, const std::stop_token& stop);

}  // namespace promster
