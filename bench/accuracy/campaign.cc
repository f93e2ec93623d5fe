#include "bench/accuracy/campaign.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <ostream>
#include <utility>

#include "bench/accuracy/sampler.h"
#include "bench/accuracy/stage.h"

namespace promster {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// The total may pass through the right value on its way: it is to be right this often in a row.
constexpr int kRightInARow = 10;
constexpr Duration kMostUntilSettled = seconds(300);
constexpr Duration kMostUntilReady = seconds(60);
constexpr Duration kMostForFarewell = seconds(60);
constexpr int kChurns = 6;
constexpr Duration kChurnEvery = seconds(10);
constexpr std::size_t kLevel1 = 0, kLevel2 = 1, kLevels = 3;

double in_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// "12.5"
std::string seconds_text(double value) {
  const auto tenths = std::lround(10 * value);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

class Campaign {
 public:
  Campaign(const CampaignOptions& options, Inbox<Event>& stop, std::ostream& progress)
      : options_(options), stop_(stop), progress_(progress) {}

  Result<void> start(const AccuracyEvent& first);
  Result<EventReport> watch(const AccuracyEvent& event);
  std::string log_tails() { return stage_ ? stage_->hierarchy().log_tails(5) : ""; }

 private:
  Result<void> settle();
  Result<void> act(const std::string& event);
  Result<void> scale(std::size_t level, int nodes);
  Result<void> roll();
  Result<void> restart(Node& node);
  Result<void> kill();
  Result<void> churn();
  // Fails where it is asked to stop meanwhile.
  Result<void> rest_until(steady_clock::time_point when);
  bool right_now();
  std::vector<TotalSample> samples(double from, double until);
  void say(const std::string& text) { progress_ << text << "\n" << std::flush; }

  const CampaignOptions& options_;
  Inbox<Event>& stop_;
  std::ostream& progress_;
  std::string note_;  // on what happens now
  std::unique_ptr<Stage> stage_;
  std::unique_ptr<Sampler> sampler_;
};

Result<void> Campaign::start(const AccuracyEvent& first) {
  say("start etcd, " + std::to_string(options_.targets) + " targets and the nodes");
  auto stage = Stage::start({.binary = options_.binary,
                             .targets = options_.targets,
                             .spare = kChurns * kStageGroup,
                             .rate = options_.rate,
                             .levels = {.etcd_url = "",
                                        .interval = options_.interval,
                                        .timeout = options_.interval * 3 / 5,
                                        .range = std::chrono::minutes(2),
                                        .ttl = options_.ttl,
                                        .environment = options_.environment},
                             .nodes = {first.level1, first.level2, 1}});
  if (!stage) return stage.error();
  stage_ = std::move(*stage);
  sampler_ = std::make_unique<Sampler>(stage_->top_url(), demo_total(kLevels));
  return {};
}

Result<void> Campaign::rest_until(steady_clock::time_point when) {
  for (const Event& event : stop_.wait_until(when)) {
    if (std::holds_alternative<StopAsked>(event)) return Error{"stopped"};
  }
  return {};
}

std::vector<TotalSample> Campaign::samples(double from, double until) {
  std::vector<TotalSample> result;
  for (const TotalAnswer& answer : sampler_->answers()) {
    if (answer.time < from || answer.time > until) continue;
    result.push_back(
        {.time = answer.time, .truth = stage_->truth(answer.time), .answer = answer.value});
  }
  return result;
}

bool Campaign::right_now() {
  const double now = unix_seconds();
  const auto last = samples(now - kRightInARow - 2, now);
  return last.size() >= kRightInARow && std::ranges::all_of(last, [](const TotalSample& sample) {
           return relative_error(sample) <= kWrongAbove;
         });
}

Result<void> Campaign::settle() {
  const auto begun = steady_clock::now();
  while (!right_now()) {
    if (steady_clock::now() - begun > kMostUntilSettled) {
      return Error{"the total is not right within " + format_duration(kMostUntilSettled)};
    }
    if (auto running = stage_->hierarchy().check_running(); !running) return running;
    if (auto rested = rest_until(steady_clock::now() + seconds(1)); !rested) return rested;
  }
  return {};
}

Result<EventReport> Campaign::watch(const AccuracyEvent& event) {
  if (auto scaled = scale(kLevel1, event.level1); !scaled) return scaled.error();
  if (auto scaled = scale(kLevel2, event.level2); !scaled) return scaled.error();
  if (auto settled = settle(); !settled) return settled.error().within("before " + event.name);
  say(event.name + ": " + event.what);
  const double begin = unix_seconds();
  if (auto done = act(event.name); !done) return done.error().within(event.name);
  say("  done after " + seconds_text(unix_seconds() - begin) + " s; now watched");
  if (!note_.empty()) say("  " + note_);
  if (auto rested = rest_until(steady_clock::now() + options_.window); !rested) {
    return rested.error();
  }
  const double end = unix_seconds(), interval = in_seconds(options_.interval);
  const auto scrapes = stage_->verdict({.from = begin, .until = end}, interval);
  if (!scrapes) return scrapes.error();
  return EventReport{.name = event.name,
                     .what = event.what,
                     .note = std::exchange(note_, ""),
                     .begin = begin,
                     .samples = samples(begin - kLeadSeconds, end),
                     .error = total_error(samples(begin, end)),
                     .scrapes = *scrapes};
}

Result<void> Campaign::act(const std::string& event) {
  if (event == "up1") return scale(kLevel1, 5);
  if (event == "up2") return scale(kLevel2, 2);
  if (event == "down1") return scale(kLevel1, 2);
  if (event == "roll" || event == "rolling200") return roll();
  if (event == "kill") return kill();
  if (event == "churn") return churn();
  return Error{"no such event"};
}

Result<void> Campaign::scale(std::size_t level, int nodes) {
  return stage_->hierarchy().scale(level, nodes);
}

Result<void> Campaign::roll() {
  for (Node& node : stage_->hierarchy().nodes(kLevel1)) {
    if (auto restarted = restart(node); !restarted) return restarted;
    if (auto go_on = rest_until(steady_clock::now()); !go_on) return go_on;
  }
  return {};
}

Result<void> Campaign::restart(Node& node) {
  const auto begun = steady_clock::now();
  const auto elapsed = [&] {
    return format_duration(std::chrono::duration_cast<Duration>(steady_clock::now() - begun));
  };
  node.process().stop(kMostForFarewell);
  const std::string ended = elapsed();
  if (auto launched = node.process().launch(); !launched) return launched;
  if (auto ready = node.wait_until_ready(kMostUntilReady); !ready) return ready;
  note_ += (note_.empty() ? "" : "; ") + node.name() + " ended after " + ended +
           " and was ready after " + elapsed();
  return {};
}

// The one with the most targets: a crash that costs nothing measures nothing.
Result<void> Campaign::kill() {
  Hierarchy& hierarchy = stage_->hierarchy();
  const auto scraped = hierarchy.scraped(kLevel1);
  if (!scraped) return scraped.error();
  const auto targets_of = [&](const Node& node) { return scraped->at(node.name()).size(); };
  Node& node = *std::ranges::max_element(hierarchy.nodes(kLevel1), {}, targets_of);
  const auto share = static_cast<double>(targets_of(node)) / options_.targets;
  const double repair = in_seconds(options_.ttl) + 4 * in_seconds(options_.interval);
  note_ = node.name() + " had " + std::to_string(targets_of(node)) + " of " +
          std::to_string(options_.targets) + " targets: its share x (TTL + 4 intervals) is " +
          seconds_text(share * repair) + " s";
  node.crash();
  hierarchy.remove_ended();
  return {};
}

Result<void> Campaign::churn() {
  auto next = steady_clock::now();
  for (int i = 0; i < kChurns; ++i) {
    if (auto churned = stage_->churn(); !churned) return churned;
    next += kChurnEvery;
    if (auto rested = rest_until(next); !rested) return rested;
  }
  return {};
}

const AccuracyEvent& event_named(const std::string& name) {
  return *std::ranges::find(accuracy_events(), name, &AccuracyEvent::name);
}

}  // namespace

const std::vector<AccuracyEvent>& accuracy_events() {
  static const std::vector<AccuracyEvent> kEvents{
      {.name = "up1", .what = "level 1 from 1 to 5 nodes", .level1 = 1, .level2 = 1},
      {.name = "up2", .what = "level 2 from 1 to 2 nodes", .level1 = 5, .level2 = 1},
      {.name = "down1", .what = "level 1 from 5 to 2 nodes", .level1 = 5, .level2 = 2},
      {.name = "roll", .what = "rolling restart of level 1", .level1 = 5, .level2 = 2},
      {.name = "kill", .what = "a node of level 1 is killed", .level1 = 5, .level2 = 2},
      {.name = "churn", .what = "5 targets leave and 5 come every 10 s", .level1 = 5, .level2 = 2},
      {.name = "rolling200",
       .what = "rolling restart with 200 targets at 2 s",
       .level1 = 5,
       .level2 = 1,
       .targets = 200,
       .interval = seconds(2)}};
  return kEvents;
}

Result<std::vector<EventReport>> run_campaign(const CampaignOptions& options, Inbox<Event>& stop,
                                              std::ostream& progress) {
  Campaign campaign(options, stop, progress);
  if (auto started = campaign.start(event_named(options.events.front())); !started) {
    return started.error();
  }
  std::vector<EventReport> reports;
  for (const std::string& name : options.events) {
    auto report = campaign.watch(event_named(name));
    if (!report) return Error{report.error().message + "\n" + campaign.log_tails()};
    reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace promster
