#include "etcd/messages.h"

#include <algorithm>
#include <utility>

#include "etcd.pb.h"

namespace promster {
namespace {

namespace pb = etcdserverpb;

template <class Message>
std::optional<Message> parsed(const std::string& bytes) {
  Message message;
  if (!message.ParseFromString(bytes)) return std::nullopt;
  return message;
}

EtcdError unreadable(const char* what) {
  return EtcdError{.code = EtcdError::Code::kOther,
                   .message = std::string("the answer to ") + what + " cannot be read"};
}

Duration seconds(std::int64_t count) {
  constexpr std::int64_t kMost = 1'000'000'000;  // etcd's own limit is 9,000,000,000
  return std::chrono::seconds(std::clamp<std::int64_t>(count, 0, kMost));
}

KeyChange change_of(pb::Event& event) {
  pb::KeyValue& kv = *event.mutable_kv();
  KeyChange change{
      .key = std::move(*kv.mutable_key()), .value = {}, .mod_revision = kv.mod_revision()};
  if (event.type() == pb::Event::PUT) change.value = std::move(*kv.mutable_value());
  return change;
}

}  // namespace

std::string encode_range(const RangeRequest& request) {
  pb::RangeRequest message;
  // An empty key is refused; "\0" is the lowest there can be.
  const std::string& first = request.start_key.empty() ? request.prefix : request.start_key;
  message.set_key(first.empty() ? std::string(1, '\0') : first);
  message.set_range_end(prefix_end(request.prefix));
  message.set_limit(request.limit);
  message.set_revision(request.revision);
  message.set_keys_only(request.keys_only);
  if (request.newest_first) {
    message.set_sort_order(pb::RangeRequest::DESCEND);
    message.set_sort_target(pb::RangeRequest::MOD);
  }
  return message.SerializeAsString();
}

EtcdResult<RangeResponse> decode_range(const std::string& bytes) {
  auto message = parsed<pb::RangeResponse>(bytes);
  if (!message) return unreadable("range");
  RangeResponse response{.revision = message->header().revision(),
                         .cluster_id = message->header().cluster_id(),
                         .entries = {},
                         .more = message->more(),
                         .count = message->count()};
  response.entries.reserve(static_cast<std::size_t>(message->kvs_size()));
  for (pb::KeyValue& kv : *message->mutable_kvs()) {
    response.entries.push_back(KeyValue{.key = std::move(*kv.mutable_key()),
                                        .value = std::move(*kv.mutable_value()),
                                        .mod_revision = kv.mod_revision()});
  }
  return response;
}

std::string encode_put(const std::string& key, const std::string& value, std::int64_t lease) {
  pb::PutRequest message;
  message.set_key(key);
  message.set_value(value);
  message.set_lease(lease);
  return message.SerializeAsString();
}

EtcdResult<std::int64_t> decode_put(const std::string& bytes) {
  const auto message = parsed<pb::PutResponse>(bytes);
  if (!message) return unreadable("put");
  return message->header().revision();
}

std::string encode_grant(Duration ttl) {
  pb::LeaseGrantRequest message;
  message.set_ttl(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(ttl).count()));
  return message.SerializeAsString();
}

EtcdResult<LeaseGrant> decode_grant(const std::string& bytes) {
  const auto message = parsed<pb::LeaseGrantResponse>(bytes);
  if (!message) return unreadable("grant");
  if (!message->error().empty()) return EtcdError{.message = message->error()};
  return LeaseGrant{.id = message->id(), .ttl = seconds(message->ttl())};
}

std::string encode_revoke(std::int64_t lease) {
  pb::LeaseRevokeRequest message;
  message.set_id(lease);
  return message.SerializeAsString();
}

std::string encode_keep_alive(std::int64_t lease) {
  pb::LeaseKeepAliveRequest message;
  message.set_id(lease);
  return message.SerializeAsString();
}

EtcdResult<KeepAliveAnswer> decode_keep_alive(const std::string& bytes) {
  const auto message = parsed<pb::LeaseKeepAliveResponse>(bytes);
  if (!message) return unreadable("keep alive");
  return KeepAliveAnswer{.lease = message->id(), .ttl = seconds(message->ttl())};
}

std::string encode_authenticate(const std::string& user, const std::string& password) {
  pb::AuthenticateRequest message;
  message.set_name(user);
  message.set_password(password);
  return message.SerializeAsString();
}

EtcdResult<std::string> decode_authenticate(const std::string& bytes) {
  auto message = parsed<pb::AuthenticateResponse>(bytes);
  if (!message) return unreadable("authenticate");
  return std::move(*message->mutable_token());
}

std::string encode_watch(const WatchRequest& request) {
  pb::WatchRequest message;
  pb::WatchCreateRequest& create = *message.mutable_create_request();
  create.set_key(request.prefix.empty() ? std::string(1, '\0') : request.prefix);
  create.set_range_end(prefix_end(request.prefix));
  create.set_start_revision(request.start_revision);
  create.set_progress_notify(true);
  create.set_fragment(true);
  return message.SerializeAsString();
}

EtcdResult<WatchMessage> decode_watch(const std::string& bytes) {
  auto message = parsed<pb::WatchResponse>(bytes);
  if (!message) return unreadable("watch");
  WatchMessage out{.watch_id = message->watch_id(),
                   .revision = message->header().revision(),
                   .cluster_id = message->header().cluster_id(),
                   .created = message->created(),
                   .canceled = message->canceled(),
                   .fragment = message->fragment(),
                   .compact_revision = message->compact_revision(),
                   .cancel_reason = message->cancel_reason(),
                   .changes = {}};
  out.changes.reserve(static_cast<std::size_t>(message->events_size()));
  for (pb::Event& event : *message->mutable_events()) out.changes.push_back(change_of(event));
  return out;
}

}  // namespace promster
