#include "etcd/client.h"

#include <algorithm>
#include <utility>

#include "etcd/client_watch.h"
#include "etcd/messages.h"
#include "etcd/session.h"

namespace promster {
namespace {

constexpr Duration kCallWithin{5000};
constexpr Duration kRevokeWithin{1000};

class EtcdClient final : public Etcd {
 public:
  explicit EtcdClient(EtcdClientOptions options) : session_(std::move(options)) {}

  EtcdResult<RangeResponse> range(const RangeRequest& request) override {
    return unary("range", method::kRange, encode_range(request), decode_range);
  }

  EtcdResult<std::unique_ptr<EtcdWatch>> watch(const WatchRequest& request,
                                               std::stop_token stop) override {
    const auto attempt = [&]() -> EtcdResult<std::unique_ptr<EtcdWatch>> {
      auto stream = session_.open(
          {.method = method::kWatch, .token = {}, .require_leader = true, .stop = stop});
      if (!stream) return stream.error();
      return start_watch(std::move(stream).value(), request);
    };
    return session_.on_endpoints("watch", session_.endpoints(), attempt);
  }

  EtcdResult<LeaseGrant> grant(Duration ttl) override {
    return unary("grant", method::kLeaseGrant, encode_grant(ttl), decode_grant);
  }

  EtcdResult<std::int64_t> put(const std::string& key, const std::string& value,
                               std::int64_t lease) override {
    return unary("put", method::kPut, encode_put(key, value, lease), decode_put);
  }

  EtcdResult<Duration> keep_alive(std::int64_t lease, Duration within) override {
    const auto attempt = [&] {
      auto left = renew(lease, within);
      // After a failure the stream is of no use: a late answer would be taken for the next one.
      if (!left && left.error().code != EtcdError::Code::kLeaseNotFound) renewals_.reset();
      return left;
    };
    return session_.on_endpoints("keep_alive", session_.endpoints(), attempt);
  }

  EtcdResult<void> revoke(std::int64_t lease) override {
    if (session_.stop().stop_requested()) session_.outlive_stop();
    const auto attempt = [&]() -> EtcdResult<void> {
      auto answer = session_.call(
          {.method = method::kLeaseRevoke, .within = kRevokeWithin, .token = {}, .stop = {}},
          encode_revoke(lease));
      if (!answer) return answer.error();
      return {};
    };
    return session_.on_endpoints("revoke", std::min<std::size_t>(2, session_.endpoints()), attempt);
  }

 private:
  template <class Decode>
  auto unary(const char* operation, const char* method, const std::string& request,
             const Decode& decode) -> decltype(decode(request)) {
    const auto attempt = [&]() -> decltype(decode(request)) {
      auto answer = session_.call(
          {.method = method, .within = kCallWithin, .token = {}, .stop = session_.stop()}, request);
      if (!answer) return answer.error();
      return decode(*answer);
    };
    return session_.on_endpoints(operation, session_.endpoints(), attempt);
  }

  EtcdResult<Duration> renew(std::int64_t lease, Duration within) {
    if (!renewals_ || opened_over_ != session_.connection()) {
      auto stream = session_.open({.method = method::kLeaseKeepAlive,
                                   .token = {},
                                   .require_leader = true,
                                   .stop = session_.stop()});
      if (!stream) return stream.error();
      renewals_ = std::move(stream).value();
      opened_over_ = session_.connection();
    }
    const SteadyTime deadline = std::chrono::steady_clock::now() + within;
    if (auto sent = renewals_->send(encode_keep_alive(lease)); !sent) return sent.error();
    auto bytes = renewals_->receive(deadline);
    if (!bytes) return bytes.error();
    auto answer = decode_keep_alive(*bytes);
    if (!answer) return answer.error();
    if (answer->ttl > Duration::zero()) return answer->ttl;
    return EtcdError{EtcdError::Code::kLeaseNotFound, "requested lease not found"};
  }

  Session session_;
  std::unique_ptr<Stream> renewals_;  // one stream for all keep-alives, as long as it answers
  int opened_over_ = 0;               // the connection it belongs to
};

}  // namespace

std::unique_ptr<Etcd> make_etcd_client(EtcdClientOptions options) {
  return std::make_unique<EtcdClient>(std::move(options));
}

}  // namespace promster
