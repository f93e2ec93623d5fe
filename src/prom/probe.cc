#include "prom/probe.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "prom/prometheus_api.h"

namespace promster {
namespace {

// A restart may be over before the next look: who stays ready is asked again after so many looks.
constexpr int kLooksPerStart = 10;

// `last` gives what one process keeps; `may_be_new` says that it may be another by now.
PrometheusSeen look(PrometheusApi& api, const std::optional<PrometheusSeen>& last,
                    bool may_be_new) {
  PrometheusSeen seen;
  const auto ready = api.ready();
  seen.ready = ready.ok();
  if (!ready) {
    seen.reason = ready.error().message;
    return seen;
  }
  const std::string before = last && last->ready ? last->started : "";
  seen.started = before;
  if (before.empty() || may_be_new) {
    if (auto info = api.runtime_info()) seen.started = std::move(info->start_time);
  }
  if (last && last->ready && seen.started == before) seen.version = last->version;
  if (seen.version.empty()) {
    if (auto version = api.version()) seen.version = std::move(*version);
  }
  return seen;
}

bool same(const PrometheusSeen& a, const PrometheusSeen& b) {
  return std::tie(a.ready, a.reason, a.version, a.started) ==
         std::tie(b.ready, b.reason, b.version, b.started);
}

Duration scrapes_interval(const ProbeOptions& options) {
  if (options.scrape_interval >= std::chrono::seconds(2)) return std::chrono::seconds(1);
  return std::max(Duration(200), options.scrape_interval / 2);
}

class Probe {
 public:
  Probe(const ProbeOptions& options, Inbox<ProbeWish>& wishes, Inbox<Event>& events,
        std::stop_token stop)
      : options_(options),
        wishes_(wishes),
        events_(events),
        stop_(std::move(stop)),
        ready_api_({.url = options.url, .deadline = options.timeout}),
        scrapes_api_({.url = options.url, .deadline = options.scrapes_timeout}) {}

  void run() {
    const std::stop_callback wake(stop_, [this] { wishes_.push({}); });
    while (!stop_.stop_requested() && !wishes_.closed()) {
      if (now() >= next_ready_) look_whether_ready();
      if (wants_scrapes() && now() >= next_scrapes_) look_at_scrapes();
      take(
          wishes_.wait_until(wants_scrapes() ? std::min(next_ready_, next_scrapes_) : next_ready_));
    }
  }

 private:
  static SteadyTime now() { return std::chrono::steady_clock::now(); }

  bool wants_scrapes() const { return wish_.scrapes && last_ && last_->ready; }

  void take(const std::vector<ProbeWish>& wishes) {
    if (wishes.empty()) return;
    if (!wish_.scrapes) next_scrapes_ = now();
    wish_ = wishes.back();
  }

  void look_whether_ready() {
    next_ready_ = now() + options_.interval;
    PrometheusSeen seen = look(ready_api_, last_, ++looks_ % kLooksPerStart == 0);
    if (!last_ || !same(*last_, seen)) events_.push(seen);
    last_ = std::move(seen);
  }

  // A large Prometheus takes its time to answer: it gets as much to recover.
  void look_at_scrapes() {
    const SteadyTime start = now();
    if (auto seen = scrapes_api_.active_scrapes()) events_.push(std::move(*seen));
    const auto took = now() - start;
    next_scrapes_ = std::max<SteadyTime>(start + scrapes_interval(options_), start + 2 * took);
  }

  const ProbeOptions& options_;
  Inbox<ProbeWish>& wishes_;
  Inbox<Event>& events_;
  const std::stop_token stop_;
  PrometheusApi ready_api_, scrapes_api_;
  ProbeWish wish_;
  std::optional<PrometheusSeen> last_;
  int looks_ = 0;
  SteadyTime next_ready_{}, next_scrapes_{};
};

}  // namespace

void watch_prometheus(const ProbeOptions& options, Inbox<ProbeWish>& wishes, Inbox<Event>& events,
                      std::stop_token stop) {
  Probe(options, wishes, events, std::move(stop)).run();
}

}  // namespace promster
