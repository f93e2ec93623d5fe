// Rendering of the target file, and of the configuration.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/render.h"

namespace promster {
namespace {

void render_targets(benchmark::State& state) {
  std::vector<Target> targets;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    targets.push_back({.key = std::to_string(i),
                       .address = "10." + std::to_string(i >> 16) + "." +
                                  std::to_string(i >> 8 & 255) + "." + std::to_string(i & 255) +
                                  ":3000",
                       .labels = {{"prsn", "app" + std::to_string(i % 20)}}});
  }
  std::vector<const Target*> pointers;
  for (const Target& target : targets) pointers.push_back(&target);
  std::size_t bytes = 0;
  for (auto iteration : state) bytes = render_targets_json(pointers).size();
  state.counters["bytes"] = static_cast<double>(bytes);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(render_targets)
    ->RangeMultiplier(10)
    ->Range(1'000, 1'000'000)
    ->Unit(benchmark::kMillisecond);

void render_rules(benchmark::State& state) {
  Settings settings;
  for (int i = 1; i <= state.range(0); ++i) {
    settings.rules.push_back(
        {.number = i,
         .name = "level1:rule_" + std::to_string(i) + ":irate",
         .expr = "sum(irate(http_requests_app_total[2m])) without (job, instance)"});
  }
  for (auto iteration : state) benchmark::DoNotOptimize(render_rules_yml(settings));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(render_rules)->Arg(2)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace promster


