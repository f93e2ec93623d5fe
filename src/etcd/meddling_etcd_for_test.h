#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "etcd/etcd.h"

namespace promster {

// An Etcd that does what a test wants after every call, in the thread of the caller and before it
// sees the answer: for what must happen between two calls.
class MeddlingEtcd final : public Etcd {
 public:
  using Meddle = std::function<void(const std::string& operation)>;

  // `before_range`, if any, is called before a range is asked for.
  MeddlingEtcd(std::unique_ptr<Etcd> etcd, Meddle meddle, Meddle before_range = nullptr)
      : etcd_(std::move(etcd)),
        meddle_(std::move(meddle)),
        before_range_(std::move(before_range)) {}

  EtcdResult<RangeResponse> range(const RangeRequest& request) override {
    if (before_range_) before_range_("range");
    return after("range", etcd_->range(request));
  }
  EtcdResult<std::unique_ptr<EtcdWatch>> watch(const WatchRequest& request,
                                               std::stop_token stop) override {
    return after("watch", etcd_->watch(request, std::move(stop)));
  }
  EtcdResult<LeaseGrant> grant(Duration ttl) override { return after("grant", etcd_->grant(ttl)); }
  EtcdResult<std::int64_t> put(const std::string& key, const std::string& value,
                               std::int64_t lease) override {
    return after("put", etcd_->put(key, value, lease));
  }
  EtcdResult<Duration> keep_alive(std::int64_t lease, Duration within) override {
    return after("keep_alive", etcd_->keep_alive(lease, within));
  }
  EtcdResult<void> revoke(std::int64_t lease) override {
    return after("revoke", etcd_->revoke(lease));
  }

 private:
  template <class Answer>
  Answer after(const char* operation, Answer answer) {
    meddle_(operation);
    return answer;
  }

  std::unique_ptr<Etcd> etcd_;
  Meddle meddle_;
  Meddle before_range_;
};

}  // namespace promster
