#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "etcd/etcd.h"

// Our requests as the bytes of proto/etcd.proto, and its answers as our values. An answer that
// cannot be read is kOther. Pure functions, any thread.
namespace promster {

// Full names as gRPC sends them: "/" service "/" method. messages_test.cc finds each in the .proto.
namespace method {
inline constexpr const char* kRange = "/etcdserverpb.KV/Range";
inline constexpr const char* kPut = "/etcdserverpb.KV/Put";
inline constexpr const char* kWatch = "/etcdserverpb.Watch/Watch";
inline constexpr const char* kLeaseGrant = "/etcdserverpb.Lease/LeaseGrant";
inline constexpr const char* kLeaseRevoke = "/etcdserverpb.Lease/LeaseRevoke";
inline constexpr const char* kLeaseKeepAlive = "/etcdserverpb.Lease/LeaseKeepAlive";
inline constexpr const char* kAuthenticate = "/etcdserverpb.Auth/Authenticate";
}  // namespace method

std::string encode_range(const RangeRequest& request);
EtcdResult<RangeResponse> decode_range(const std::string& bytes);

std::string encode_put(const std::string& key, const std::string& value, std::int64_t lease);
EtcdResult<std::int64_t> decode_put(const std::string& bytes);

// A lease has whole seconds; a part of one is rounded up, and less than one is one.
std::string encode_grant(Duration ttl);
EtcdResult<LeaseGrant> decode_grant(const std::string& bytes);

std::string encode_revoke(std::int64_t lease);

std::string encode_keep_alive(std::int64_t lease);
struct KeepAliveAnswer {
  std::int64_t lease = 0;
  Duration ttl{};  // 0: there is no such lease
};
EtcdResult<KeepAliveAnswer> decode_keep_alive(const std::string& bytes);

std::string encode_authenticate(const std::string& user, const std::string& password);
EtcdResult<std::string> decode_authenticate(const std::string& bytes);

// Asks for progress notifications, and for fragments, which an etcd before 3.4 ignores.
std::string encode_watch(const WatchRequest& request);

// One message of a watch stream.
struct WatchMessage {
  std::int64_t watch_id = 0;
  std::int64_t revision = 0;
  std::uint64_t cluster_id = 0;
  bool created = false;
  bool canceled = false;
  bool fragment = false;  // the next message goes on with this one
  std::int64_t compact_revision = 0;
  std::string cancel_reason;
  std::vector<KeyChange> changes;
};
EtcdResult<WatchMessage> decode_watch(const std::string& bytes);

}  // namespace promster
