#include "etcd/fake_etcd.h"

#include <deque>
#include <utility>

namespace promster {
namespace {

using Jobs = Inbox<FakeEtcd::Job>;
using WatchAnswer = EtcdResult<WatchResponse>;

// What `question` answers, asked in the thread that owns the store.
template <class Question>
auto ask(Jobs& jobs, Question question) {
  using Answer = decltype(question(std::declval<FakeStore&>()));
  const auto reply = std::make_shared<Inbox<Answer>>();
  jobs.push([reply, question](FakeStore& store) { reply->push(question(store)); });
  return std::move(reply->wait_until(std::nullopt).front());
}

// The same, unless a fault waits for this operation.
template <class Question>
auto call(Jobs& jobs, const char* operation, const Question& question) {
  using Answer = decltype(question(std::declval<FakeStore&>()));
  return ask(jobs, [&](FakeStore& store) -> Answer {
    if (auto fault = store.fault(operation)) return *fault;
    return question(store);
  });
}

void serve(Jobs& jobs) {
  FakeStore store;
  while (!jobs.closed()) {
    for (const FakeEtcd::Job& job : jobs.wait_until(std::nullopt)) job(store);
  }
}

class FakeWatch final : public EtcdWatch {
 public:
  FakeWatch(Jobs& jobs, const WatchRequest& request, std::stop_token stop)
      : jobs_(jobs), stop_(std::move(stop), std::function<void()>([answers = answers_] {
                             answers->push(EtcdError{EtcdError::Code::kCanceled, "stopped"});
                           })) {
    number_ = ask(jobs_, [&, answers = answers_](FakeStore& store) {
      return store.watch(request, [answers](WatchAnswer answer) { answers->push(answer); });
    });
  }

  ~FakeWatch() override {
    jobs_.push([number = number_](FakeStore& store) { store.cancel(number); });
  }

  EtcdResult<std::optional<WatchResponse>> next_until(std::optional<SteadyTime> deadline) override {
    if (pending_.empty()) {
      for (WatchAnswer& answer : answers_->wait_until(deadline)) {
        pending_.push_back(std::move(answer));
      }
    }
    if (pending_.empty()) return std::optional<WatchResponse>();
    if (!pending_.front()) return pending_.front().error();  // for good
    auto answer = std::optional(std::move(pending_.front()).value());
    pending_.pop_front();
    return answer;
  }

 private:
  Jobs& jobs_;
  const std::shared_ptr<Inbox<WatchAnswer>> answers_ = std::make_shared<Inbox<WatchAnswer>>();
  std::deque<WatchAnswer> pending_;
  std::int64_t number_ = 0;
  std::stop_callback<std::function<void()>> stop_;
};

class FakeConnection final : public Etcd {
 public:
  explicit FakeConnection(Jobs& jobs) : jobs_(jobs) {}

  EtcdResult<RangeResponse> range(const RangeRequest& request) override {
    return call(jobs_, "range", [&](FakeStore& store) { return store.range(request); });
  }

  EtcdResult<std::unique_ptr<EtcdWatch>> watch(const WatchRequest& request,
                                               std::stop_token stop) override {
    const auto allowed = call(jobs_, "watch", [](FakeStore&) { return EtcdResult<void>(); });
    if (!allowed) return allowed.error();
    return std::unique_ptr<EtcdWatch>(std::make_unique<FakeWatch>(jobs_, request, std::move(stop)));
  }

  EtcdResult<LeaseGrant> grant(Duration ttl) override {
    return call(jobs_, "grant", [&](FakeStore& store) { return store.grant(ttl); });
  }

  EtcdResult<std::int64_t> put(const std::string& key, const std::string& value,
                               std::int64_t lease) override {
    return call(jobs_, "put", [&](FakeStore& store) { return store.put(key, value, lease); });
  }

  EtcdResult<Duration> keep_alive(std::int64_t lease, Duration) override {
    return call(jobs_, "keep_alive", [&](FakeStore& store) { return store.keep_alive(lease); });
  }

  EtcdResult<void> revoke(std::int64_t lease) override {
    return call(jobs_, "revoke", [&](FakeStore& store) { return store.revoke(lease); });
  }

 private:
  Jobs& jobs_;
};

}  // namespace

FakeEtcd::FakeEtcd() : owner_([this] { serve(jobs_); }) {}

FakeEtcd::~FakeEtcd() {
  jobs_.close();
}

std::unique_ptr<Etcd> FakeEtcd::connect() {
  return std::make_unique<FakeConnection>(jobs_);
}

void FakeEtcd::on_store(const Job& job) {
  ask(jobs_, [&](FakeStore& store) {
    job(store);
    return true;
  });
}

}  // namespace promster
