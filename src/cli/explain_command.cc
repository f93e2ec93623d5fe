#include <ostream>

#include "agent/listing.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/explain_report.h"
#include "core/cluster_state.h"
#include "core/shard_algorithm.h"
#include "core/shard_targets.h"

namespace promster {
namespace {

// What to say of a name that is no target.
Error unknown(const std::string& name, const ClusterState& state, const std::string& path) {
  std::vector<std::string> addresses;
  for (const Target* target : state.targets()) addresses.push_back(target->address);
  const std::string shown = "\"" + printable(name) + "\" is no target below " + printable(path);
  if (const auto meant = did_you_mean(name, addresses)) {
    return Error{shown + "; did you mean " + printable(*meant) + "?"};
  }
  return Error{shown + " (there are " + std::to_string(addresses.size()) +
               "); try: promster render shows those of this node"};
}

// Where the target is: its index. `name` is an address or an etcd key.
Result<std::size_t> find(const std::string& name, const ClusterState& state,
                         const Settings& settings, std::vector<std::string>& also) {
  const auto& targets = state.targets();
  std::size_t found = targets.size();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i]->key != name && targets[i]->address != name) continue;
    if (found != targets.size()) {
      also.push_back(targets[i]->key);
    } else {
      found = i;
    }
  }
  if (found != targets.size()) return found;
  for (const auto& [key, rejected] : state.rejected()) {
    if (key == name || key.ends_with("/" + name)) return Error{"not scraped: " + rejected.reason};
  }
  return unknown(name, state, settings.scrape.etcd_path);
}

Result<void> list(const Settings& settings, ClusterState& state) {
  const auto members = list_members(settings.registry);
  if (!members) return Error{members.error().message + "; try: promster check"};
  const auto targets = list_targets(settings.scrape);
  if (!targets) return Error{targets.error().message + "; try: promster check"};
  state.list_members(members->listing);
  state.list_targets(targets->listing);
  return {};
}

Result<ExplainedTarget> explain_target(const std::string& name, const Settings& settings,
                                       const ClusterState& state) {
  ExplainedTarget explained;
  const auto found = find(name, state, settings, explained.also);
  if (!found) return found.error();
  std::vector<Member> members;
  std::vector<std::string> active;
  for (const auto& [member_name, member] : state.members()) {
    members.push_back(member);
    if (member.state == MemberState::kActive) active.push_back(member_name);
  }
  if (active.empty()) {
    return Error{"no node is registered below " +
                 member_prefix(settings.registry.base, settings.registry.service) +
                 ", so nobody scrapes anything; try: promster run"};
  }
  explained.target = state.targets()[*found];
  explained.told =
      explain(effective_algorithm(settings.shard.algorithm, members),
              shard_targets(state.targets(), settings.shard.key), active,
              {.slack = settings.shard.slack, .replicas = settings.shard.replicas}, *found);
  return explained;
}

// What is wrong with the call; empty where nothing is.
std::string fault(const CommandCall& call) {
  const Settings& settings = call.loaded.settings;
  if (call.positionals.size() != 1)
    return "explain needs one target; try: promster explain 10.0.0.1:80";
  if (settings.sharding()) return "";
  return settings.registry.enabled()
             ? "SCRAPE_SHARD_ENABLE is false; every node scrapes every target; try: --scrape.shard"
             : "REGISTRY_ETCD_URL (--registry.etcd-url) is not set; without a registry every node "
               "scrapes every target; try: REGISTRY_ETCD_URL=http://etcd:2379";
}

int explain_one(const CommandCall& call) {
  if (const std::string wrong = fault(call); !wrong.empty()) {
    print_error(call.err, wrong);
    return kExitUsage;
  }
  print_warnings(call);
  const Settings& settings = call.loaded.settings;
  ClusterState state(target_limits(settings.scrape));
  const auto listed = list(settings, state);
  const auto explained = listed ? explain_target(call.positionals[0], settings, state)
                                : Result<ExplainedTarget>(listed.error());
  if (!explained) {
    print_error(call.err, explained.error().message);
    return kExitFailed;
  }
  if (call.text("--output") == "json") {
    print_explanation_json(*explained, call.out);
  } else {
    print_explanation_table(*explained, call.out);
  }
  return kExitFine;
}

}  // namespace

Command explain_command() {
  return {.name = "explain",
          .summary = "says who scrapes a target, why, and who would if that node died",
          .takes_settings = true,
          .options = {output_option()},
          .positionals = "TARGET",
          .examples = {{"promster explain 10.0.0.7:8080",
                        "says who scrapes that target, and who would if that node died."},
                       {"promster explain -o json /webservers/generator/10.0.0.7:8080",
                        "the same by the key in etcd, for a program."}},
          .run = explain_one};
}

}  // namespace promster
