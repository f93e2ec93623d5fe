#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace promster {

// The latest version of a value that one thread makes and many read. A reader holds what it got for
// as long as it likes; a newer version does not disturb it.
//
// Thread rule: every function from any thread.
template <class T>
class Published {
 public:
  Published() : value_(std::make_shared<const T>()) {}
  explicit Published(T first) : value_(std::make_shared<const T>(std::move(first))) {}

  void set(T value) {
    auto next = std::make_shared<const T>(std::move(value));
    const std::lock_guard lock(mutex_);
    value_.swap(next);
  }

  // Never null.
  std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace promster
