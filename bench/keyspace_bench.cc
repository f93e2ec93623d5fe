// How long it takes to read keys and values, to fold a whole listing, and to fold one change.

#include <benchmark/benchmark.h>

#include <map>

#include "bench/fleet.h"
#include "core/cluster_state.h"

namespace promster {
namespace {

const std::string kValue =
    R"({"scheme":"https","metrics_path":"/metrics","labels":{"env":"prod","zone":"a"}})";

Listing listing(std::size_t count, const std::string& value) {
  std::map<std::string, KeyValue> sorted;  // as etcd lists them
  for (const std::string& address : addresses(count, 1, "9100")) {
    const std::string key = "/webservers/generator/" + address;
    sorted[key] = {.key = key, .value = value, .mod_revision = 7};
  }
  Listing out{.revision = 7, .entries = {}};
  for (auto& [key, entry] : sorted) out.entries.push_back(std::move(entry));
  return out;
}

void BM_ParseTarget(benchmark::State& state) {
  const KeyValue entry{.key = "/webservers/generator/10.1.0.1:3000",
                       .value = state.range(0) != 0 ? kValue : std::string(),
                       .mod_revision = 1};
  for (auto _ : state) benchmark::DoNotOptimize(parse_target(entry));
}
BENCHMARK(BM_ParseTarget)->ArgName("value")->Arg(0)->Arg(1);

// A first listing, and the targets it gives.
void BM_FoldListing(benchmark::State& state) {
  const Listing keys = listing(static_cast<std::size_t>(state.range(0)),
                               state.range(1) != 0 ? kValue : std::string());
  for (auto _ : state) {
    ClusterState cluster;
    cluster.list_targets(keys);
    benchmark::DoNotOptimize(cluster.targets());
  }
}
BENCHMARK(BM_FoldListing)
    ->ArgNames({"targets", "value"})
    ->ArgsProduct({{1'000, 100'000, 1'000'000}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

// One key changes: folding it, and making the vector of targets again.
void BM_FoldChange(benchmark::State& state) {
  const Listing keys = listing(static_cast<std::size_t>(state.range(0)), "");
  const bool with_targets = state.range(1) != 0;
  ClusterState cluster;
  cluster.list_targets(keys);
  KeyChange change{
      .key = keys.entries[keys.entries.size() / 2].key, .value = "", .mod_revision = 8};
  for (auto _ : state) {
    change.value = change.mod_revision % 2 == 0 ? kValue : std::string();
    cluster.change_targets({&change, 1});
    ++change.mod_revision;
    if (with_targets) benchmark::DoNotOptimize(cluster.targets());
  }
}
BENCHMARK(BM_FoldChange)
    ->ArgNames({"targets", "vector"})
    ->ArgsProduct({{1'000, 1'000'000}, {0, 1}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace promster
