#pragma once

#include <functional>

#include "base/inbox.h"

namespace promster {

// How a node is asked to go. SIGTERM and SIGINT: it hands its targets over and ends; a second one
// ends it at once. SIGUSR2, which `promster drain` sends: it hands its targets over and then waits
// to be stopped; the first SIGTERM does not cut that short, and ends it once that is done.
//
// Thread rule: asked() by the thread that reads signals; wait_for_end() by the control thread.
class Farewell {
 public:
  // `stop` is to begin the farewell; again, to end it at once.
  explicit Farewell(std::function<void()> stop) : stop_(std::move(stop)) {}

  void asked(int number);

  // Returns when the node may end: at once, unless it was only asked to drain. Calls `meanwhile`
  // now and then.
  void wait_for_end(const std::function<void()>& meanwhile);

 private:
  enum class Wish { kStay, kEnd };

  std::function<void()> stop_;
  bool begun_ = false, stays_ = false;  // of the thread that reads signals
  Inbox<Wish> wishes_;
};

}  // namespace promster
