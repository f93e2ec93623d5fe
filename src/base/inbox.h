#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace promster {

// A queue with many writers and one reader, who takes all that has come at once. It is how threads
// speak to each other here: a thread that owns state has an inbox, everyone else pushes values.
//
// Thread rule: push() and close() from any thread; wait_until() from the one reader.
template <class T>
class Inbox {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  void push(T item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    arrived_.notify_one();
  }

  // Wakes the reader for good: from now on wait_until() returns at once.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    arrived_.notify_one();
  }

  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  // Blocks until something has come, the inbox was closed, or the deadline has passed; without a
  // deadline it waits as long as it takes. Returns everything that came, in order; empty says
  // "deadline" or "closed".
  std::vector<T> wait_until(std::optional<Deadline> deadline) {
    std::unique_lock lock(mutex_);
    const auto something = [this] { return closed_ || !items_.empty(); };
    if (deadline) {
      arrived_.wait_until(lock, *deadline, something);
    } else {
      arrived_.wait(lock, something);
    }
    return std::exchange(items_, {});
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<T> items_;
  bool closed_ = false;
};

}  // namespace promster
