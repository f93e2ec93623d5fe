#include "prom/sibling_probe.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/address.h"
#include "prom/parallel_gets.h"

namespace promster {
namespace {

// A wish cannot end a wait for the network: while probes are under way we look at both in turn.
constexpr Duration kTurn{50};

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

// Lets `most` pass a second.
class Gate {
 public:
  explicit Gate(int most) : most_(static_cast<std::size_t>(most)) {}

  SteadyTime opens() const {
    return passed_.size() < most_ ? SteadyTime{} : passed_.front() + std::chrono::seconds(1);
  }
  void pass(SteadyTime when) {
    passed_.push_back(when);
    if (passed_.size() > most_) passed_.pop_front();
  }

 private:
  std::size_t most_;
  std::deque<SteadyTime> passed_;  // the last `most_`
};

class SiblingProbe {
 public:
  SiblingProbe(const SiblingProbeOptions& options, Inbox<SiblingWish>& wishes, Inbox<Event>& events,
               std::stop_token stop)
      : options_(options),
        wishes_(wishes),
        events_(events),
        stop_(std::move(stop)),
        gate_(options.most_per_second),
        gets_({.deadline = options.timeout}) {}

  void run() {
    const std::stop_callback wake(stop_, [this] {
      wishes_.push({});
      gets_.wake();
    });
    while (!stop_.stop_requested() && !wishes_.closed()) {
      start_due();
      take(wishes_.wait_until(gets_.idle() ? next() : now()));
      if (gets_.idle()) continue;
      const SteadyTime turn = now() + kTurn;
      for (const auto& ended : gets_.wait_until(std::min(next().value_or(turn), turn))) {
        judge(ended);
      }
    }
  }

 private:
  struct Sibling {
    SteadyTime due{};      // of the next probe
    SteadyTime started{};  // of the last one
    bool under_way = false;
    int failures = 0;  // in a row
  };

  void take(const std::vector<SiblingWish>& wishes) {
    if (wishes.empty()) return;
    const std::set<std::string>& names = wishes.back().names;
    std::erase_if(siblings_, [&](const auto& sibling) {
      if (names.contains(sibling.first)) return false;
      gets_.drop(sibling.first);
      return true;
    });
    for (const std::string& name : names) {
      if (parse_address(name)) siblings_.try_emplace(name);
    }
  }

  // Who is next: a second try before all others, then who has waited longest.
  std::map<std::string, Sibling>::iterator first_due() {
    auto first = siblings_.end();
    const auto rank = [](const Sibling& one) { return std::pair(one.failures != 1, one.due); };
    for (auto it = siblings_.begin(); it != siblings_.end(); ++it) {
      if (it->second.under_way || it->second.due > now()) continue;
      if (first == siblings_.end() || rank(it->second) < rank(first->second)) first = it;
    }
    return first;
  }

  void start_due() {
    while (gate_.opens() <= now()) {
      const auto it = first_due();
      if (it == siblings_.end()) return;
      Sibling& sibling = it->second;
      sibling.started = now();
      sibling.under_way = true;
      gate_.pass(sibling.started);
      gets_.start(it->first, "http://" + it->first + "/-/ready");
    }
  }

  // When there may be a probe to start; nullopt where only a wish or an answer can change that.
  std::optional<SteadyTime> next() const {
    std::optional<SteadyTime> first;
    for (const auto& [name, sibling] : siblings_) {
      if (!sibling.under_way && (!first || sibling.due < *first)) first = sibling.due;
    }
    if (first) first = std::max(*first, gate_.opens());
    return first;
  }

  void judge(const ParallelGets::Ended& ended) {
    const auto found = siblings_.find(ended.id);
    if (found == siblings_.end()) return;
    Sibling& sibling = found->second;
    const bool answers = ended.status != 0;
    sibling.under_way = false;
    sibling.failures = answers ? 0 : sibling.failures + 1;
    sibling.due = sibling.failures == 1 ? now() : sibling.started + options_.interval;
    if (sibling.failures == 1) return;
    events_.push(
        SiblingProbed{.name = ended.id,
                      .answers = answers,
                      .reason = answers ? "HTTP " + std::to_string(ended.status) : ended.error});
  }

  const SiblingProbeOptions& options_;
  Inbox<SiblingWish>& wishes_;
  Inbox<Event>& events_;
  const std::stop_token stop_;
  Gate gate_;
  ParallelGets gets_;
  std::map<std::string, Sibling> siblings_;
};

}  // namespace

void probe_siblings(const SiblingProbeOptions& options, Inbox<SiblingWish>& wishes,
                    Inbox<Event>& events, std::stop_token stop) {
  SiblingProbe(options, wishes, events, std::move(stop)).run();
}

}  // namespace promster
