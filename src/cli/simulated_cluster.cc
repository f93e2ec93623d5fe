#include "cli/simulated_cluster.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "agent/listing.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/patience.h"
#include "core/cluster_state.h"
#include "core/shard_algorithm.h"
#include "core/shard_targets.h"

namespace promster {
namespace {

using Done = Result<void, CallError>;
using Names = std::vector<std::string>;

constexpr std::size_t kMostTargets = 10'000'000;
constexpr std::size_t kMostMembers = 10'000;

// "10.<network>.0.1:<port>" and so on, the first `count`.
Names made_up(std::size_t count, std::size_t network, const std::string& port) {
  Names names;
  names.reserve(count);
  for (std::size_t i = 1; i <= count; ++i) {
    names.push_back("10." + std::to_string(network + (i >> 16)) + "." +
                    std::to_string((i >> 8) & 255) + "." + std::to_string(i & 255) + port);
  }
  return names;
}

// In the order of the file, each once.
Names lines_of(const std::string& text) {
  Names names;
  std::set<std::string_view> seen;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view name = trim(line);
    if (name.empty() || name.starts_with('#') || !seen.insert(name).second) continue;
    names.emplace_back(name);
  }
  return names;
}

struct Made {
  std::string option;  // "--targets"
  std::size_t most = 0;
  std::size_t network = 0;
  std::string port;
};

Result<Names, CallError> read_names(const std::string& text, const Made& made) {
  if (text.find_first_not_of("0123456789") == std::string::npos) {
    const std::size_t count = text.size() > 9 ? made.most + 1 : std::stoul(text);
    if (count <= made.most) return made_up(count, made.network, made.port);
    return CallError{{made.option + "; it is more than " + std::to_string(made.most) +
                      "; try: a smaller number"}};
  }
  const auto content = read_file(text);
  if (content) return lines_of(*content);
  return CallError{
      {made.option + ": " + content.error().message +
       "; it is neither a number nor a file that can be read; try: " + made.option + "=100"},
      kExitFailed};
}

CallError etcd_failed(const Error& error) {
  return {{error.message + "; try: promster check"}, kExitFailed};
}

// What is wrong with the settings where etcd is needed.
std::vector<std::string> settings_faults(const CommandCall& call, bool members) {
  if (!call.loaded.errors.empty()) return call.loaded.errors;
  if (!members || call.loaded.settings.registry.enabled()) return {};
  return {
      "REGISTRY_ETCD_URL (--registry.etcd-url) is not set; the members are listed there; "
      "try: --members=5"};
}

Done list_members_into(SimulatedCluster& cluster, const Settings& settings) {
  const auto listed = list_members(settings.registry);
  if (!listed) return etcd_failed(listed.error());
  ClusterState state;
  state.list_members(listed->listing);
  std::vector<Member> members;
  for (const auto& [name, member] : state.members()) {
    members.push_back(member);
    if (member.state == MemberState::kActive) cluster.members.push_back(name);
  }
  cluster.algorithm = effective_algorithm(settings.shard.algorithm, members);
  return {};
}

// Targets of one address are told apart by their keys.
void take(SimulatedCluster& cluster, const std::vector<const Target*>& targets,
          const std::string& key) {
  std::map<std::string_view, int> count;
  for (const Target* target : targets) ++count[target->address];
  const std::vector<ShardTarget> shard = shard_targets(targets, key);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Target& target = *targets[i];
    cluster.names.push_back(count[target.address] == 1 ? target.address : target.key);
    cluster.shard_keys.emplace_back(shard[i].shard_key);
    cluster.ids.emplace_back(shard[i].id);
  }
}

Done list_targets_into(SimulatedCluster& cluster, const Settings& settings) {
  const auto listed = list_targets(settings.scrape);
  if (!listed) return etcd_failed(listed.error());
  ClusterState state(target_limits(settings.scrape));
  state.list_targets(listed->listing);
  take(cluster, state.targets(), settings.shard.key);
  return {};
}

Done read_members(SimulatedCluster& cluster, const CommandCall& call) {
  const std::string& text = call.text("--members");
  if (text.empty()) {
    const Patience patience(call.err, etcds_of(call.loaded.settings));
    return list_members_into(cluster, call.loaded.settings);
  }
  auto names = read_names(text, {"--members", kMostMembers, 0, ":9090"});
  if (!names) return names.error();
  cluster.members = *std::move(names);
  return {};
}

Done read_targets(SimulatedCluster& cluster, const CommandCall& call) {
  const std::string& text = call.text("--targets");
  if (text.empty()) {
    const Patience patience(call.err, etcds_of(call.loaded.settings));
    return list_targets_into(cluster, call.loaded.settings);
  }
  auto names = read_names(text, {"--targets", kMostTargets, 1, ":3000"});
  if (!names) return names.error();
  cluster.names = *std::move(names);
  cluster.shard_keys = cluster.ids = cluster.names;
  return {};
}

}  // namespace

std::vector<ShardTarget> SimulatedCluster::targets() const {
  std::vector<ShardTarget> result;
  result.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    result.push_back({.shard_key = shard_keys[i], .id = ids[i]});
  }
  return result;
}

Result<SimulatedCluster, CallError> read_simulated_cluster(const CommandCall& call) {
  const bool members = call.text("--members").empty(), targets = call.text("--targets").empty();
  if (members || targets) {
    auto faults = settings_faults(call, members);
    if (!faults.empty()) return CallError{std::move(faults)};
    print_warnings(call);
  }
  SimulatedCluster cluster;
  cluster.algorithm = effective_algorithm(call.loaded.settings.shard.algorithm, {});
  if (const Done done = read_members(cluster, call); !done) return done.error();
  if (const Done done = read_targets(cluster, call); !done) return done.error();
  if (!cluster.members.empty()) return cluster;
  return CallError{{"there are no members, so nobody would scrape anything; try: --members=5"}};
}

}  // namespace promster
