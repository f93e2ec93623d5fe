#include <algorithm>
#include <ostream>

#include "agent/settings_values.h"
#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/simulate_node.h"
#include "cli/simulate_report.h"
#include "cli/simulated_cluster.h"

namespace promster {
namespace {

constexpr std::int64_t kMostJoining = 10'000;
constexpr std::int64_t kMostReplicas = 1'000;

// --slack and --replicas, else what the settings say.
Result<AssignOptions, CallError> read_options(const CommandCall& call) {
  const ShardSettings& shard = call.loaded.settings.shard;
  AssignOptions options{.slack = shard.slack, .replicas = shard.replicas};
  if (const std::string& text = call.text("--slack"); !text.empty()) {
    const auto slack = read_ratio(text);
    if (!slack) return CallError{{slack.error().within("--slack").message}};
    options.slack = *slack;
  }
  if (const std::string& text = call.text("--replicas"); !text.empty()) {
    const auto replicas = read_number(text, 1, kMostReplicas);
    if (!replicas) return CallError{{replicas.error().within("--replicas").message}};
    options.replicas = static_cast<int>(*replicas);
  }
  return options;
}

AnyAlgorithm read_any_algorithm(const CommandCall& call, const SimulatedCluster& cluster) {
  const std::string& name = call.text("--algorithm");
  const auto named = std::ranges::find(kEveryAlgorithm, name, any_algorithm_name);
  return named == kEveryAlgorithm.end() ? any_algorithm(cluster.algorithm) : *named;
}

std::vector<std::string> read_leaving(const CommandCall& call) {
  std::vector<std::string> names = read_items(call.text("--leave"));
  std::erase(names, "");
  return names;
}

AlgorithmFigures figures_of(AnyAlgorithm algorithm, const WhatIfAnswer& answer) {
  return {.algorithm = algorithm,
          .max_over_mean_before = answer.balance_before.max_over_mean,
          .max_over_mean_after = answer.balance_after.max_over_mean,
          .moved = answer.moved};
}

Result<SimulateReport> answer(WhatIfQuestion question, std::span<const std::string> names) {
  auto answer = what_if(question);
  if (!answer) return answer.error();
  SimulateReport report{
      .question = std::move(question), .answer = *std::move(answer), .names = names};
  for (const AnyAlgorithm algorithm : kEveryAlgorithm) {
    if (algorithm == report.question.algorithm) {
      report.comparison.push_back(figures_of(algorithm, report.answer));
      continue;
    }
    WhatIfQuestion other = report.question;
    other.algorithm = algorithm;
    const auto compared = what_if(other);
    if (!compared) return compared.error();
    report.comparison.push_back(figures_of(algorithm, *compared));
  }
  return report;
}

int simulate(const CommandCall& call) {
  if (!call.text("--url").empty()) return simulate_at_node(call);
  const auto options = read_options(call);
  if (!options) return fail_call(call, options.error());
  const std::int64_t joining = call.number("--join");
  if (joining > kMostJoining)
    return fail_call(
        call, {{"--join; it is more than " + std::to_string(kMostJoining) + "; try: --join=1"}});
  const auto cluster = read_simulated_cluster(call);
  if (!cluster) return fail_call(call, cluster.error());
  const std::vector<ShardTarget> targets = cluster->targets();
  const auto report =
      answer({.targets = targets,
              .members = cluster->members,
              .join = new_members(static_cast<std::size_t>(joining), cluster->members),
              .leave = read_leaving(call),
              .algorithm = read_any_algorithm(call, *cluster),
              .options = *options},
             cluster->names);
  if (!report) return fail_call(call, {{report.error().within("--leave").message}});
  if (call.text("--output") == "json") {
    print_simulation_json(*report, call.out);
  } else {
    print_simulation_table(*report, call.out);
  }
  return kExitFine;
}

std::vector<CommandOption> simulate_options() {
  using Kind = CommandOption::Kind;
  std::vector<CommandOption> options{
      {.name = "--targets",
       .kind = Kind::kText,
       .help = "a file with an address a line, or a number of them; by default those in etcd"},
      {.name = "--members", .kind = Kind::kText, .help = "the same for the nodes"},
      {.name = "--algorithm",
       .kind = Kind::kText,
       .fallback = "auto",
       .help = "rendezvous and hashmod are there to compare with; auto: what the settings say",
       .choices = {"auto", "bounded", "legacy", "rendezvous", "hashmod"}},
      {.name = "--slack", .kind = Kind::kText, .help = "by default that of the settings"},
      {.name = "--replicas", .kind = Kind::kText, .help = "by default those of the settings"},
      {.name = "--join", .kind = Kind::kNumber, .fallback = "0", .help = "nodes that join"},
      {.name = "--leave",
       .kind = Kind::kText,
       .help = "names of nodes that leave, separated by commas"}};
  std::vector<CommandOption> node = node_options();
  node.front().help = "a node whose page is asked what --join and --leave would do";
  options.insert(options.end(), node.begin(), node.end());
  options.push_back(output_option());
  return options;
}

}  // namespace

Command simulate_command() {
  return {.name = "simulate",
          .summary = "what moves if nodes come or go, and how even it is; touches nothing",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = simulate_options(),
          .examples = {{"promster simulate --leave=10.0.0.3:9090",
                        "says what moves if that node of the cluster in etcd goes."},
                       {"promster simulate --join=1 --url=http://10.0.0.1:9096",
                        "asks a node what moves if one more comes to its cluster."},
                       {"promster simulate --targets=10000 --members=20 --join=1",
                        "says the same of a cluster that is made up."}},
          .run = simulate};
}

}  // namespace promster
