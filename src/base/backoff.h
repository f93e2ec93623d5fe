#pragma once

#include <chrono>
#include <cstdint>

namespace promster {

// How long to wait before the next try: grows by `factor` from `first` to `most`, and each answer is
// drawn evenly from (0, that] ("full jitter": Marc Brooker, "Exponential Backoff And Jitter", AWS
// Architecture Blog, 2015), so that many nodes that lost the same server do not return in step.
//
// Thread rule: one thread.
class Backoff {
 public:
  struct Options {
    std::chrono::milliseconds first{100};
    std::chrono::milliseconds most{2000};
    double factor = 1.6;
    bool jitter = true;
  };

  // Equal seeds give equal sequences.
  explicit Backoff(Options options, std::uint64_t seed = 0);

  std::chrono::milliseconds next();

  // After a success: the next failure waits from the start again.
  void reset();

 private:
  double draw();

  Options options_;
  double current_ms_;
  std::uint64_t state_;
};

}  // namespace promster
