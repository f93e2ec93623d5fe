#pragma once

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/inbox.h"

namespace promster {

// What a Prometheus answered to a query, at one moment.
struct TotalAnswer {
  double time = 0;              // unix seconds
  std::optional<double> value;  // nothing: it has no such series
};

// Asks a Prometheus for one value once a second. A question that gets no answer at all tells
// nothing about the value: there is no sample of it.
//
// Thread rule: made, read and destroyed by one thread; it asks on a thread of its own.
class Sampler {
 public:
  Sampler(std::string prometheus_url, std::string expr);
  ~Sampler();

  // All answers so far, in order.
  const std::vector<TotalAnswer>& answers();

 private:
  void run(const std::stop_token& stop);

  const std::string url_, expr_;
  Inbox<TotalAnswer> came_;
  Inbox<bool> stopped_;  // never has an item: it is closed to end a pause
  std::vector<TotalAnswer> answers_;
  std::jthread thread_;
};

// Now, in unix seconds.
double unix_seconds();

}  // namespace promster
