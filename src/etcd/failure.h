#pragma once

#include <string>

#include "etcd/etcd.h"

// What etcd means by the errors it answers with. The texts are those of etcd's
// etcdserver/api/v3rpc/rpctypes/error.go; from 3.2 to 3.6 they are the same. Pure functions, any
// thread.
namespace promster {

// The numbers of gRPC's status codes that are told apart (grpc.io/docs, "Status codes").
enum class GrpcCode {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kOutOfRange = 11,
  kUnavailable = 14,
  kUnauthenticated = 16,
};

// An answer that is not kOk, as an error of ours. A canceled watch has a text only: kUnknown.
EtcdError etcd_failure(int grpc_code, const std::string& text);

// Whether another endpoint, or the same over a new connection, may do better.
bool worth_another_endpoint(const EtcdError& error);

// What an error says about our token.
enum class TokenTrouble {
  kNone,
  kRenew,       // missing, expired, or older than the last change of users: ask for a new one
  kNotEnabled,  // authentication is off: go on without
};
TokenTrouble token_trouble(const EtcdError& error);

}  // namespace promster
