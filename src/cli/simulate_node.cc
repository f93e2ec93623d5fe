#include "cli/simulate_node.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "cli/call_error.h"
#include "cli/node_client.h"
#include "cli/simulate_report.h"
#include "cli/status_reader.h"
#include "web/page_words.h"

namespace promster {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShownWays = 20;

// The first option that a node is not asked with; empty: none is given.
std::string stray_option(const CommandCall& call) {
  for (const char* name : {"--targets", "--members", "--slack", "--replicas"}) {
    if (!call.text(name).empty()) return name;
  }
  return call.text("--algorithm") == "auto" ? "" : "--algorithm";
}

SimulatedLoads read_loads(const Json& json) {
  const Json& balance = json.at("balance");
  SimulatedLoads loads;
  balance.at("fair").get_to(loads.balance.fair);
  balance.at("most").get_to(loads.balance.most);
  balance.at("least").get_to(loads.balance.least);
  balance.at("max_over_mean").get_to(loads.balance.max_over_mean);
  for (const Json& node : json.at("nodes")) {
    loads.load[node.at("name").get<std::string>()] = node.at("targets").get<std::size_t>();
  }
  return loads;
}

std::string name_of(const Json& node) {
  const auto name = node.get<std::string>();
  return name.empty() ? "-" : printable(name);
}

void print_ways(const Json& moves, std::ostream& out) {
  const std::size_t shown = std::min(kShownWays, moves.size());
  for (std::size_t i = 0; i < shown; ++i) {
    out << "  " << name_of(moves[i].at("from")) << " -> " << name_of(moves[i].at("to")) << "  "
        << counted(moves[i].at("targets").get<std::size_t>(), "target") << "\n";
  }
  if (shown == moves.size()) return;
  out << "  ... and " << moves.size() - shown << " more; -o json has them all\n";
}

void print_table(const Json& data, std::ostream& out) {
  const SimulatedLoads before = read_loads(data.at("before")), after = read_loads(data.at("after"));
  out << counted(data.at("targets").get<std::size_t>(), "target") << ", "
      << printable(data.at("algorithm").get<std::string>()) << "\n\n";
  print_simulated_loads(before, after, out);
  print_simulated_moves(data.at("moved").get<std::size_t>(), data.at("fewest").get<double>(), out);
  print_ways(data.at("moves"), out);
}

int print_answer(const CommandCall& call, const std::string& data) {
  if (call.text("--output") == "json") {
    call.out << indented_json(data) << "\n";
    return kExitFine;
  }
  try {
    print_table(Json::parse(data), call.out);
  } catch (const Json::exception& failure) {
    return fail_call(call, {{std::string("simulate: ") + failure.what()}, kExitFailed});
  }
  return kExitFine;
}

}  // namespace

int simulate_at_node(const CommandCall& call) {
  if (const std::string stray = stray_option(call); !stray.empty()) {
    return fail_call(call, {{stray + " and --url; a node is asked about its own cluster; try: "
                                     "one of the two"}});
  }
  const auto node = read_node_address(call);
  if (!node) return fail_call(call, {{node.error().message}});
  const std::string joining = call.text("--join") == "0" ? "" : call.text("--join");
  const auto data = NodeClient(*node).ask(
      with_query("simulate", {{"add", joining}, {"remove", call.text("--leave")}}));
  if (!data) return fail_call(call, {{data.error().message}, kExitFailed});
  return print_answer(call, *data);
}

}  // namespace promster
