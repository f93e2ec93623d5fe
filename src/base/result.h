#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace promster {

// Why an operation did not succeed. The message reads as a path, outermost step first:
// "write rules.yml: rename: Permission denied". It holds one line and no secret.
struct Error {
  std::string message;

  // The same error seen from one step further out: Error{"b"}.within("a") reads "a: b".
  Error within(std::string_view step) const {
    return Error{std::string(step) + ": " + message};
  }

  bool operator==(const Error&) const = default;
};

// Either a value or the reason why there is none. Immutable once made; as thread-safe as T and E.
// E defaults to Error; an adapter whose callers must tell kinds of failure apart brings its own.
//
// REQUIRES: ok() before value() or *; !ok() before error(). Breaking this ends the process.
template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& { return *checked(std::get_if<0>(&state_)); }
  T& value() & { return *checked(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(*checked(std::get_if<0>(&state_))); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const E& error() const& { return *checked(std::get_if<1>(&state_)); }
  E&& error() && { return std::move(*checked(std::get_if<1>(&state_))); }

 private:
  template <class P>
  static P* checked(P* pointer) {
    if (pointer == nullptr) std::abort();
    return pointer;
  }

  std::variant<T, E> state_;
};

// An operation that yields nothing but may fail. `return {};` says that it succeeded.
template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : error_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return error_.index() == 0; }
  explicit operator bool() const { return ok(); }
  const E& error() const {
    if (ok()) std::abort();
    return std::get<1>(error_);
  }

 private:
  std::variant<std::monostate, E> error_;
};

}  // namespace promster
