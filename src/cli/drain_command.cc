#include <csignal>
#include <ostream>
#include <thread>

#include "cli/commands.h"
#include "cli/node_client.h"
#include "cli/status_reader.h"
#include "core/reconciler.h"
#include "prom/prometheus_pid.h"

namespace promster {
namespace {

constexpr auto kLook = std::chrono::milliseconds(200);
// Beyond the time in which targets are handed over: a reload may have to end, and the key go.
constexpr Duration kGiveBack = std::chrono::seconds(15);

Result<ShownStatus> ask(NodeClient& node) {
  const auto answer = node.ask("status");
  return answer ? read_status(*answer) : Result<ShownStatus>(answer.error());
}

// The agent that listens where the settings say, on this machine.
Result<void> ask_to_drain(const WebSettings& web) {
  const std::string& listen = web.listen_address;
  const auto pid = find_prometheus({.url = "http://127.0.0.1" + listen.substr(listen.rfind(':')),
                                    .pid_file = {},
                                    .program = "promster"});
  if (!pid) return pid.error();
  if (::kill(*pid, SIGUSR2) == 0) return {};
  return Error{"the agent has another user"};
}

// The node as it is when its key is gone.
Result<ShownStatus> drained(NodeClient& node, Duration most) {
  const SteadyTime last = std::chrono::steady_clock::now() + most;
  while (std::chrono::steady_clock::now() < last) {
    auto status = ask(node);
    if (!status || !status->registered) return status;
    std::this_thread::sleep_for(kLook);
  }
  return Error{"it is still registered after " + format_duration(most)};
}

int fail(const CommandCall& call, const std::string& what) {
  print_error(call.err, what);
  return kExitFailed;
}

int drain(const CommandCall& call) {
  const auto address = read_node_address(call);
  if (!address) return fail(call, address.error().message);
  NodeClient node(*address);
  const auto before = ask(node);
  if (!before) return fail(call, before.error().message + "; try: is the agent running?");
  const auto asked = ask_to_drain(call.loaded.settings.web);
  if (!asked) return fail(call, asked.error().message + "; try: as the user of the agent");
  const auto after = drained(node, drain_budget(call.loaded.settings) + kGiveBack);
  if (!after) return fail(call, "not drained; " + after.error().message + "; try: the agent's log");
  if (after->draining && !after->handed_over) {
    return fail(call,
                "not all targets were handed over; the time was up; try: a longer --shard.drain");
  }
  call.out << (after->draining ? "handed over\n" : "there is nobody to hand over to\n");
  return kExitFine;
}

}  // namespace

Command drain_command() {
  return {.name = "drain",
          .summary = "hands this node's targets over, and returns when that is done",
          .about =
              "For a hook that runs before the node is stopped, such as a preStop hook: "
              "the agent on this machine leaves the cluster in good order and then waits "
              "for its SIGTERM, the first of which does not cut the drain short. A drained "
              "node comes back by a restart.",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = node_options(),
          .examples = {{"promster drain", "hands over what the agent on this machine has."}},
          .exits = {{kExitFine, "handed over, or there was nobody to hand over to"},
                    {kExitFailed, "not handed over, or there is no agent"},
                    {kExitUsage, "wrong usage or settings"}},
          .run = drain};
}

}  // namespace promster
