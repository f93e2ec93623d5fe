#include "etcd/etcd.h"

#include <utility>

namespace promster {

const char* etcd_code_name(EtcdError::Code code) {
  switch (code) {
    case EtcdError::Code::kUnavailable:
      return "unavailable";
    case EtcdError::Code::kDeadline:
      return "deadline";
    case EtcdError::Code::kNoLeader:
      return "no_leader";
    case EtcdError::Code::kCompacted:
      return "compacted";
    case EtcdError::Code::kFutureRevision:
      return "future_revision";
    case EtcdError::Code::kLeaseNotFound:
      return "lease_not_found";
    case EtcdError::Code::kAuth:
      return "auth";
    case EtcdError::Code::kPermissionDenied:
      return "permission_denied";
    case EtcdError::Code::kNoSpace:
      return "no_space";
    case EtcdError::Code::kTooLarge:
      return "too_large";
    case EtcdError::Code::kAudit:
      return "audit";
    case EtcdError::Code::kCanceled:
      return "canceled";
    case EtcdError::Code::kOther:
      return "other";
  }
  return "other";
}

EtcdResult<WatchResponse> EtcdWatch::next() {
  auto answer = next_until(std::nullopt);
  if (!answer) return answer.error();
  return std::move(**answer);
}

std::string prefix_end(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (prefix.empty()) return std::string(1, '\0');
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace promster
