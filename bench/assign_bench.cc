// How long assign() takes: a row for every number of targets, members and replicas.

#include <benchmark/benchmark.h>

#include <algorithm>

#include "bench/fleet.h"

namespace promster {
namespace {

void BM_Assign(benchmark::State& state) {
  const auto ids = addresses(static_cast<std::size_t>(state.range(0)), 1, "9100");
  const auto members = addresses(static_cast<std::size_t>(state.range(1)), 2, "9090");
  const auto targets = shard_targets(ids);
  const AssignOptions options{.slack = 0.1, .replicas = static_cast<int>(state.range(2))};
  Assignment assignment;
  for (auto _ : state) {
    assignment = assign(targets, members, options);
    benchmark::DoNotOptimize(assignment);
  }
  const auto load = assignment.load();
  const double mean = static_cast<double>(targets.size()) * static_cast<double>(state.range(2)) /
                      static_cast<double>(members.size());
  state.counters["max/mean"] = static_cast<double>(*std::ranges::max_element(load)) / mean;
}
BENCHMARK(BM_Assign)
    ->ArgNames({"targets", "members", "replicas"})
    ->ArgsProduct({{1'000, 10'000, 100'000, 1'000'000}, {5, 20, 200}, {1}})
    ->Args({100'000, 200, 2})
    ->Args({1'000'000, 200, 2})
    ->Unit(benchmark::kMillisecond);

// No slack: every refused target looks for room.
void BM_AssignWithoutSlack(benchmark::State& state) {
  const auto ids = addresses(static_cast<std::size_t>(state.range(0)), 1, "9100");
  const auto members = addresses(200, 2, "9090");
  const auto targets = shard_targets(ids);
  for (auto _ : state) {
    benchmark::DoNotOptimize(assign(targets, members, {.slack = 0, .replicas = 1}));
  }
}
BENCHMARK(BM_AssignWithoutSlack)
    ->ArgName("targets")
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);

// The worst shard key: one for all, so that all targets want the same members.
void BM_AssignOneShardKey(benchmark::State& state) {
  const auto ids = addresses(static_cast<std::size_t>(state.range(0)), 1, "9100");
  const auto members = addresses(200, 2, "9090");
  auto targets = shard_targets(ids);
  for (ShardTarget& target : targets) target.shard_key = "team";
  for (auto _ : state) {
    benchmark::DoNotOptimize(assign(targets, members, {.slack = 0.1, .replicas = 2}));
  }
}
BENCHMARK(BM_AssignOneShardKey)->ArgName("targets")->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_Checksum(benchmark::State& state) {
  const auto ids = addresses(static_cast<std::size_t>(state.range(0)), 1, "9100");
  const auto members = addresses(20, 2, "9090");
  const auto targets = shard_targets(ids);
  const Assignment assignment = assign(targets, members, {});
  for (auto _ : state) {
    benchmark::DoNotOptimize(assignment_checksum(targets, members, assignment));
  }
}
BENCHMARK(BM_Checksum)->ArgName("targets")->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace promster
