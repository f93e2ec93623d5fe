#include "etcd/failure.h"

#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace promster {
namespace {

using Code = EtcdError::Code;

constexpr std::size_t kLongestMessage = 400;

struct KnownText {
  std::string_view text;
  Code code;
};

// The code alone does not tell: an old auth revision comes as InvalidArgument, a full database and
// a message above the limit both as ResourceExhausted, and a canceled watch has no code at all.
constexpr std::array kKnownTexts{
    KnownText{"no leader", Code::kNoLeader},
    KnownText{"required revision has been compacted", Code::kCompacted},
    KnownText{"required revision is a future revision", Code::kFutureRevision},
    KnownText{"requested lease not found", Code::kLeaseNotFound},
    KnownText{"invalid auth token", Code::kAuth},
    KnownText{"revision of auth store is old", Code::kAuth},
    KnownText{"revision in auth store is old", Code::kAuth},
    KnownText{"user name is empty", Code::kAuth},
    KnownText{"authentication is not enabled", Code::kAuth},
    KnownText{"authentication failed", Code::kAuth},
    KnownText{"permission denied", Code::kPermissionDenied},
    KnownText{"database space exceeded", Code::kNoSpace},
    KnownText{"request is too large", Code::kTooLarge},
    KnownText{"too many requests", Code::kUnavailable},
    KnownText{"not leader", Code::kUnavailable},
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::optional<Code> by_text(const std::string& text) {
  for (const KnownText& known : kKnownTexts) {
    if (contains(text, known.text)) return known.code;
  }
  return std::nullopt;
}

Code by_code(int grpc_code) {
  switch (static_cast<GrpcCode>(grpc_code)) {
    case GrpcCode::kCancelled:
      return Code::kCanceled;
    case GrpcCode::kDeadlineExceeded:
      return Code::kDeadline;
    case GrpcCode::kPermissionDenied:
      return Code::kPermissionDenied;
    case GrpcCode::kResourceExhausted:
      return Code::kTooLarge;
    case GrpcCode::kUnavailable:
      return Code::kUnavailable;
    case GrpcCode::kUnauthenticated:
      return Code::kAuth;
    default:
      return Code::kOther;
  }
}

// Drops `start` from the front of `text`, where it is there.
void drop(std::string_view& text, std::string_view start) {
  if (text.starts_with(start)) text.remove_prefix(start.size());
}

// What gRPC says of an endpoint that cannot be reached, without its wrapping: "failed to connect to
// all addresses; last error: UNKNOWN: ipv4:10.0.0.1:2379: Failed to connect to remote host:
// Connection refused" is "Connection refused". Who reports it names the endpoint.
std::string_view last_error(std::string_view text) {
  constexpr std::string_view kLast = "; last error: ";
  const std::size_t at = text.find(kLast);
  if (at == text.npos) return text;
  text.remove_prefix(at + kLast.size());
  drop(text, "UNKNOWN: ");
  if (text.starts_with("ipv4:") || text.starts_with("ipv6:")) {
    const std::size_t end = text.find(": ");
    if (end != text.npos) text.remove_prefix(end + 2);
  }
  drop(text, "Failed to connect to remote host: ");
  return text;
}

}  // namespace

EtcdError etcd_failure(int grpc_code, const std::string& text) {
  return EtcdError{.code = by_text(text).value_or(by_code(grpc_code)),
                   .message = printable(last_error(text), kLongestMessage)};
}

bool worth_another_endpoint(const EtcdError& error) {
  return error.code == Code::kUnavailable || error.code == Code::kDeadline ||
         error.code == Code::kNoLeader;
}

TokenTrouble token_trouble(const EtcdError& error) {
  if (error.code != Code::kAuth) return TokenTrouble::kNone;
  if (contains(error.message, "authentication is not enabled")) return TokenTrouble::kNotEnabled;
  for (const char* text : {"invalid auth token", "auth store is old", "user name is empty"}) {
    if (contains(error.message, text)) return TokenTrouble::kRenew;
  }
  return TokenTrouble::kNone;
}

}  // namespace promster
