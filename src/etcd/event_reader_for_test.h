#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "base/inbox.h"
#include "core/event.h"

namespace promster {

// Reads the events of a follower or registrar as a test wants them.
//
// Thread rule: one thread, the reader of the inbox.
class EventReader {
 public:
  explicit EventReader(Inbox<Event>& inbox) : inbox_(inbox) {}

  // The next event of type T that `wanted` accepts; those before it are skipped. None after `most`.
  template <class T>
  std::optional<T> next(Duration most = Duration(10'000),
                        const std::function<bool(const T&)>& wanted = nullptr) {
    const auto deadline = std::chrono::steady_clock::now() + most;
    for (;;) {
      while (!events_.empty()) {
        const Event event = std::move(events_.front());
        events_.pop_front();
        const T* found = std::get_if<T>(&event);
        if (found != nullptr && (!wanted || wanted(*found))) return *found;
      }
      for (Event& event : inbox_.wait_until(deadline)) events_.push_back(std::move(event));
      if (events_.empty()) return std::nullopt;
    }
  }

  // How many events of type T come within `time`.
  template <class T>
  int count(Duration time) {
    const auto end = std::chrono::steady_clock::now() + time;
    int found = 0;
    for (;;) {
      const auto left = std::chrono::ceil<Duration>(end - std::chrono::steady_clock::now());
      if (left <= Duration(0) || !next<T>(left)) return found;
      ++found;
    }
  }

 private:
  Inbox<Event>& inbox_;
  std::deque<Event> events_;
};

}  // namespace promster
