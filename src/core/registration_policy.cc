#include "core/registration_policy.h"

namespace promster {
namespace {

constexpr Duration kDownBeforeWithdrawal = std::chrono::seconds(30);

}  // namespace

void RegistrationPolicy::prometheus_seen(bool ready, SteadyTime now) {
  if (since_ && ready == ready_) return;
  ready_ = ready;
  since_ = now;
}

bool RegistrationPolicy::wanted(SteadyTime now) {
  if (stopping_ || !since_ || !share_in_place_) return false;
  const Duration lasted = std::chrono::duration_cast<Duration>(now - *since_);
  if (!registered_before_) {
    registered_before_ = ready_;
  } else if (!withdrawn_ && !ready_ && lasted >= kDownBeforeWithdrawal) {
    withdrawn_ = true;
  } else if (withdrawn_ && ready_ && lasted >= settle_) {
    withdrawn_ = false;
  }
  return registered_before_ && !withdrawn_;
}

std::optional<SteadyTime> RegistrationPolicy::deadline() const {
  if (stopping_ || !since_ || !registered_before_ || withdrawn_ != ready_) return std::nullopt;
  return *since_ + (withdrawn_ ? settle_ : kDownBeforeWithdrawal);
}

}  // namespace promster
