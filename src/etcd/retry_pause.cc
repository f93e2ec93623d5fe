#include "etcd/retry_pause.h"

#include <algorithm>

#include "base/inbox.h"
#include "etcd/failure.h"

namespace promster {
namespace {

constexpr Duration kFirst{100};
constexpr Duration kMost{2000};
constexpr Duration kPermission{10'000};
constexpr Backoff::Options kPatient{
    .first = Duration(5'000), .most = Duration(60'000), .jitter = false};

}  // namespace

RetryPause::RetryPause(Duration ttl, std::uint64_t seed)
    : quick_({.first = kFirst, .most = std::clamp(Duration(ttl / 5), kFirst, kMost)}, seed),
      patient_(kPatient, seed) {}

Duration RetryPause::after(const EtcdError& error) {
  if (error.code == EtcdError::Code::kPermissionDenied) return kPermission;
  if (error.code == EtcdError::Code::kAuth && token_trouble(error) == TokenTrouble::kNone) {
    return patient_.next();
  }
  return quick_.next();
}

void RetryPause::reset() {
  quick_.reset();
  patient_.reset();
}

void pause_for(Duration duration, const std::stop_token& stop) {
  Inbox<bool> nothing;
  const std::stop_callback wake(stop, [&nothing] { nothing.close(); });
  nothing.wait_until(std::chrono::steady_clock::now() + duration);
}

}  // namespace promster
