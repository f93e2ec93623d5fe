// One turn of the control loop without its I/O: what a node of fifty does for a keep-alive of its
// lease, which changes nothing, and for one target that comes or goes.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/fleet.h"
#include "core/reconciler.h"

namespace promster {
namespace {

constexpr int kMembers = 50;

KeyValue target_entry(const std::string& address, std::int64_t revision) {
  return {.key = "/t/app/" + address, .mod_revision = revision};
}

std::string member_name(int i) {
  return "10.200.0." + std::to_string(i) + ":9090";
}

Listed members(int count) {
  Listing listing{.revision = 1};
  for (int i = 1; i <= count; ++i) {
    const Member member{.name = member_name(i), .algorithm = kBoundedAlgorithm, .scrapes = "/t"};
    listing.entries.push_back({.key = member_key("/registry", "s", member.name),
                               .value = render_member_value(member),
                               .mod_revision = 1});
  }
  return {.source = Source::kMembers, .listing = std::move(listing)};
}

Listed targets(std::size_t count) {
  Listing listing{.revision = 1};
  for (const std::string& address : addresses(count, 1, "3000")) {
    listing.entries.push_back(target_entry(address, 1));
  }
  return {.source = Source::kTargets, .listing = std::move(listing)};
}

ScrapesSeen scrapes(std::size_t count, int time) {
  ScrapesSeen seen;
  for (std::string& address : addresses(count, 1, "3000")) {
    seen.targets.push_back(
        {.address = std::move(address), .last_scrape = static_cast<double>(time), .up = true});
  }
  return seen;
}

// A node that has its share, and whose Prometheus has been scraping it for long.
class Node {
 public:
  Node(std::size_t target_count, int member_count) : reconciler_(settings(), identity(), {}, now_) {
    reconciler_.observe(PrometheusSeen{.ready = true}, now_);
    reconciler_.observe(members(member_count), now_);
    reconciler_.observe(targets(target_count), now_);
    reconciler_.observe(SourceWatched{.source = Source::kMembers}, now_);
    reconciler_.observe(SourceWatched{.source = Source::kTargets}, now_);
    reconciler_.observe(Registered{.ttl = std::chrono::seconds(10), .confirmed = now_}, now_);
    for (int i = 1; i <= 5; ++i) {
      turn(std::chrono::seconds(30));
      if (reconciler_.wants_scrapes()) reconciler_.observe(scrapes(target_count, i), now_);
    }
    while (reconciler_.snapshot().targets_handing_over > 0) turn(Duration(100));
    turn(std::chrono::minutes(10));
  }

  void see(const Event& event) { reconciler_.observe(event, now_); }

  void turn(Duration later) {
    now_ += later;
    reconciler_.tell_time(now_, 1e9 + static_cast<double>(now_.time_since_epoch().count()) * 1e-9);
    const Plan plan = reconciler_.step(now_);
    Outcome outcome;
    if (plan.config) outcome.config = ConfigOutcome{.kind = ConfigOutcome::Kind::kAccepted};
    if (plan.targets) outcome.targets = TargetsOutcome{.written = true};
    reconciler_.applied(outcome, now_);
    benchmark::DoNotOptimize(reconciler_.deadline());
    benchmark::DoNotOptimize(reconciler_.suspects());
    snapshot_ = reconciler_.snapshot();
  }

  SteadyTime now() const { return now_; }

 private:
  static Settings settings() {
    Settings settings;
    settings.scrape.etcd_path = "/t";
    settings.registry.etcd.endpoints = {"http://127.0.0.1:2379"};
    settings.registry.service = "s";
    settings.rules.push_back({.number = 1, .name = "a:b", .expr = "sum(rate(x[2m]))"});
    return settings;
  }
  static NodeIdentity identity() { return {.name = member_name(1), .instance = "i"}; }

  SteadyTime now_{std::chrono::hours(1)};
  Reconciler reconciler_;
  Snapshot snapshot_;
};

void idle_turn(benchmark::State& state) {
  Node node(static_cast<std::size_t>(state.range(0)), static_cast<int>(state.range(1)));
  for (auto iteration : state) {
    node.see(Registered{.ttl = std::chrono::seconds(10), .confirmed = node.now(), .renewed = true});
    node.turn(Duration(1));
  }
}
BENCHMARK(idle_turn)
    ->ArgsProduct({{10'000, 100'000, 1'000'000}, {kMembers}})
    ->Args({1'000'000, 1})
    ->Unit(benchmark::kMicrosecond);

// What a sibling says of itself when it has taken its share.
void sibling_says_something(benchmark::State& state) {
  Node node(static_cast<std::size_t>(state.range(0)), kMembers);
  std::int64_t revision = 10;
  for (auto iteration : state) {
    const Member member{.name = member_name(2),
                        .algorithm = kBoundedAlgorithm,
                        .applied = std::to_string(++revision),
                        .scrapes = "/t"};
    node.see(Changed{.source = Source::kMembers,
                     .revision = revision,
                     .changes = {{.key = member_key("/registry", "s", member.name),
                                  .value = render_member_value(member),
                                  .mod_revision = revision}}});
    node.turn(std::chrono::seconds(1));
  }
}
BENCHMARK(sibling_says_something)
    ->ArgsProduct({{10'000, 100'000, 1'000'000}})
    ->Unit(benchmark::kMillisecond);

void one_target_changes(benchmark::State& state) {
  Node node(static_cast<std::size_t>(state.range(0)), static_cast<int>(state.range(1)));
  std::int64_t revision = 10;
  for (auto iteration : state) {
    const bool comes = ++revision % 2 == 0;
    node.see(Changed{.source = Source::kTargets,
                     .revision = revision,
                     .changes = {{.key = "/t/app/10.250.0.1:3000",
                                  .value = comes ? std::optional(std::string()) : std::nullopt,
                                  .mod_revision = revision}}});
    node.turn(std::chrono::seconds(1));
  }
}
BENCHMARK(one_target_changes)
    ->ArgsProduct({{10'000, 100'000, 1'000'000}, {kMembers}})
    ->Args({1'000'000, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace promster
