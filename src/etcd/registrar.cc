#include "etcd/registrar.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/duration.h"
#include "etcd/retry_pause.h"

namespace promster {
namespace {

constexpr Duration kLeastPeriod{500};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

// A lease as far as we know: `confirmed` is when the last request that etcd answered was sent, so
// that etcd cannot have begun to count earlier.
struct Lease {
  std::int64_t id = 0;
  Duration ttl{};
  SteadyTime confirmed{};

  Duration period() const { return std::max(kLeastPeriod, Duration(ttl / 5)); }
  SteadyTime due() const { return confirmed + period(); }
  SteadyTime ends() const { return confirmed + ttl; }
};

class Registrar {
 public:
  Registrar(Etcd& etcd, const RegistrarOptions& options, Inbox<RegistrationWish>& wishes,
            Inbox<Event>& events, std::stop_token stop)
      : etcd_(etcd),
        options_(options),
        wishes_(wishes),
        events_(events),
        stop_(std::move(stop)),
        pause_(options.ttl, options.seed) {}

  void run() {
    const std::stop_callback wake(stop_, [this] { wishes_.push({}); });
    while (!stop_.stop_requested() && !wishes_.closed()) {
      take(wishes_.wait_until(next_));
      if (!stop_.stop_requested()) step();
    }
    withdraw();
  }

 private:
  void take(std::vector<RegistrationWish> wishes) {
    for (RegistrationWish& wish : wishes) {
      wish.again = wish.again || wish_.again;
      wish_ = std::move(wish);
    }
  }

  // Brings etcd and the wish together, and says when to look again.
  void step() {
    if (!wish_.registered) return withdraw();
    wanted_ = true;
    if (lease_ && now() >= lease_->ends()) lose("no keep-alive was answered for " + ttl_text());
    auto done = act();
    if (!done && done.error().code == EtcdError::Code::kLeaseNotFound) {
      lose(done.error().message);
      done = act();
    }
    if (done) {
      pause_.reset();
      next_ = lease_->due();
    } else {
      tell_failure(done.error().message);
      next_ = now() + pause_.after(done.error());
      // A put that is refused must not cost us the lease.
      if (lease_ && now() < lease_->due()) next_ = std::min(*next_, lease_->due());
    }
  }

  EtcdResult<void> act() {
    if (wish_.again) {
      lease_.reset();
      value_.reset();
    }
    auto leased = lease_ ? renew() : sign_up();
    if (!leased) return leased;
    if (value_ == wish_.value) return {};
    return publish();
  }

  EtcdResult<void> sign_up() {
    const SteadyTime sent = now();
    auto granted = etcd_.grant(options_.ttl);
    if (!granted) return granted.error();
    lease_ = Lease{.id = granted->id, .ttl = granted->ttl, .confirmed = sent};
    wish_.again = false;
    return {};
  }

  EtcdResult<void> publish() {
    auto put = etcd_.put(options_.key, wish_.value, lease_->id);
    if (!put) return put.error();
    const bool is_new = !value_;
    value_ = wish_.value;
    told_.clear();
    if (is_new) {
      events_.push(
          Registered{.ttl = lease_->ttl, .confirmed = lease_->confirmed, .revision = *put});
    }
    return {};
  }

  EtcdResult<void> renew() {
    const SteadyTime sent = now();
    if (sent < lease_->due()) return {};
    auto left = etcd_.keep_alive(lease_->id, lease_->period());
    if (!left) return left.error();
    lease_->ttl = *left;
    lease_->confirmed = sent;
    if (value_) events_.push(Registered{lease_->ttl, lease_->confirmed, true});
    return {};
  }

  void lose(std::string reason) {
    lease_.reset();
    if (std::exchange(value_, std::nullopt)) tell_failure(std::move(reason));
  }

  // While the key is in etcd a failed call is no loss.
  void tell_failure(std::string reason) {
    if (value_ || reason == told_) return;
    told_ = reason;
    events_.push(RegistrationLost{std::move(reason), false});
  }

  void withdraw() {
    next_.reset();
    wish_.again = false;
    std::string reason = "withdrawn";
    if (lease_) {
      say_last_words();
      auto revoked = etcd_.revoke(lease_->id);
      if (!revoked && revoked.error().code != EtcdError::Code::kLeaseNotFound) {
        reason = "withdrawn, and left to run out: " + revoked.error().message;
      }
    }
    lease_.reset();
    value_.reset();
    told_.clear();
    if (std::exchange(wanted_, false)) events_.push(RegistrationLost{reason, true});
  }

  // Without them the key goes as well; who sees it go then takes it for a crash.
  void say_last_words() {
    if (!value_ || wish_.value.empty() || wish_.value == *value_) return;
    [[maybe_unused]] const auto put = etcd_.put(options_.key, wish_.value, lease_->id);
  }

  std::string ttl_text() const { return format_duration(lease_->ttl); }

  Etcd& etcd_;
  const RegistrarOptions& options_;
  Inbox<RegistrationWish>& wishes_;
  Inbox<Event>& events_;
  std::stop_token stop_;
  RetryPause pause_;
  RegistrationWish wish_;
  std::optional<SteadyTime> next_;
  std::optional<Lease> lease_;
  std::optional<std::string> value_;  // what etcd holds under the lease
  std::string told_;                  // the last failure we told of
  bool wanted_ = false;               // a wish to be registered was acted upon
};

}  // namespace

void keep_registered(Etcd& etcd, const RegistrarOptions& options, Inbox<RegistrationWish>& wishes,
                     Inbox<Event>& events, std::stop_token stop) {
  Registrar(etcd, options, wishes, events, std::move(stop)).run();
}

}  // namespace promster
