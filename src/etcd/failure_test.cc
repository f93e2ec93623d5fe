#include "etcd/failure.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Code = EtcdError::Code;

struct Case {
  GrpcCode grpc;
  const char* text;
  Code code;
  TokenTrouble trouble = TokenTrouble::kNone;
};

// Code and text as etcd 3.4.23 sends them.
const Case kCases[] = {
    {GrpcCode::kUnavailable, "etcdserver: no leader", Code::kNoLeader},
    {GrpcCode::kUnavailable, "etcdserver: leader changed", Code::kUnavailable},
    {GrpcCode::kUnavailable, "etcdserver: request timed out", Code::kUnavailable},
    {GrpcCode::kUnavailable, "failed to connect to all addresses", Code::kUnavailable},
    {GrpcCode::kFailedPrecondition, "etcdserver: not leader", Code::kUnavailable},
    {GrpcCode::kDeadlineExceeded, "Deadline Exceeded", Code::kDeadline},
    {GrpcCode::kOutOfRange, "etcdserver: mvcc: required revision has been compacted",
     Code::kCompacted},
    {GrpcCode::kOutOfRange, "etcdserver: mvcc: required revision is a future revision",
     Code::kFutureRevision},
    {GrpcCode::kNotFound, "etcdserver: requested lease not found", Code::kLeaseNotFound},
    {GrpcCode::kUnauthenticated, "etcdserver: invalid auth token", Code::kAuth,
     TokenTrouble::kRenew},
    {GrpcCode::kInvalidArgument, "etcdserver: revision of auth store is old", Code::kAuth,
     TokenTrouble::kRenew},
    {GrpcCode::kInvalidArgument, "etcdserver: user name is empty", Code::kAuth,
     TokenTrouble::kRenew},
    {GrpcCode::kFailedPrecondition, "etcdserver: authentication is not enabled", Code::kAuth,
     TokenTrouble::kNotEnabled},
    {GrpcCode::kInvalidArgument, "etcdserver: authentication failed, invalid user ID or password",
     Code::kAuth},
    {GrpcCode::kPermissionDenied, "etcdserver: permission denied", Code::kPermissionDenied},
    {GrpcCode::kResourceExhausted, "etcdserver: mvcc: database space exceeded", Code::kNoSpace},
    {GrpcCode::kResourceExhausted, "Received message larger than max (5 vs. 4)", Code::kTooLarge},
    {GrpcCode::kResourceExhausted, "etcdserver: too many requests", Code::kUnavailable},
    {GrpcCode::kInvalidArgument, "etcdserver: request is too large", Code::kTooLarge},
    {GrpcCode::kCancelled, "", Code::kCanceled},
    {GrpcCode::kInvalidArgument, "etcdserver: key is not provided", Code::kOther},
    {GrpcCode::kUnknown, "", Code::kOther},
};

TEST(Failure, IsReadFromCodeAndText) {
  for (const Case& c : kCases) {
    const EtcdError error = etcd_failure(static_cast<int>(c.grpc), c.text);
    EXPECT_EQ(error.code, c.code) << c.text;
    EXPECT_EQ(error.message, c.text);
    EXPECT_EQ(token_trouble(error), c.trouble) << c.text;
  }
}

// A watch that is refused comes with a text only, over a stream that is well.
TEST(Failure, TextAloneIsEnough) {
  const int no_code = static_cast<int>(GrpcCode::kUnknown);
  EXPECT_EQ(token_trouble(etcd_failure(no_code,
                                       "rpc error: code = Unauthenticated desc = "
                                       "etcdserver: invalid auth token")),
            TokenTrouble::kRenew);
  EXPECT_EQ(etcd_failure(no_code, "etcdserver: permission denied").code, Code::kPermissionDenied);
}

TEST(Failure, IsOneShortLine) {
  const EtcdError error = etcd_failure(2, "a\nb" + std::string(5000, 'x'));
  EXPECT_TRUE(error.message.starts_with("a\\x0ab")) << error.message;
  EXPECT_LE(error.message.size(), 400u);
}

TEST(Failure, OnlyTroubleWithTheServerIsTakenElsewhere) {
  for (const Code code : {Code::kUnavailable, Code::kDeadline, Code::kNoLeader}) {
    EXPECT_TRUE(worth_another_endpoint({code, ""})) << etcd_code_name(code);
  }
  for (const Code code : {Code::kCompacted, Code::kLeaseNotFound, Code::kAuth, Code::kCanceled,
                          Code::kNoSpace, Code::kPermissionDenied, Code::kOther}) {
    EXPECT_FALSE(worth_another_endpoint({code, ""})) << etcd_code_name(code);
  }
}

TEST(EtcdFailure, TheWrappingOfGrpcIsLeftOut) {
  const auto said = [](const char* text) {
    return etcd_failure(static_cast<int>(GrpcCode::kUnavailable), text).message;
  };
  EXPECT_EQ(said("failed to connect to all addresses; last error: UNKNOWN: "
                 "ipv4:127.0.0.1:2379: Failed to connect to remote host: Connection refused"),
            "Connection refused");
  EXPECT_EQ(
      said("failed to connect to all addresses; last error: UNKNOWN: "
           "ipv6:%5B::1%5D:2379: connection attempt timed out before receiving SETTINGS frame"),
      "connection attempt timed out before receiving SETTINGS frame");
  EXPECT_EQ(said("failed to connect to all addresses; last error: UNAVAILABLE: why"),
            "UNAVAILABLE: why");
  EXPECT_EQ(said("etcdserver: no leader"), "etcdserver: no leader");
}

}  // namespace
}  // namespace promster
