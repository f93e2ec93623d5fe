#include <csignal>
#include <ostream>
#include <thread>

#include "cli/call_error.h"
#include "cli/commands.h"
#include "cli/local_agent.h"
#include "core/reconciler.h"

namespace promster {
namespace {

constexpr auto kLook = std::chrono::milliseconds(200);
// Beyond the time in which targets are handed over: a reload may have to end, and the key go.
constexpr Duration kGiveBack = std::chrono::seconds(15);

// The node as it was seen last: when its key is gone, or while it drained, where it has ended
// since.
Result<ShownStatus> drained(LocalAgent& agent, ShownStatus seen, Duration most) {
  const SteadyTime last = std::chrono::steady_clock::now() + most;
  while (std::chrono::steady_clock::now() < last) {
    auto status = agent.status();
    if (!status) {
      return seen.draining && !agent.runs(seen) ? seen : Result<ShownStatus>(status.error());
    }
    if (status->pid != seen.pid) return Error{"its agent was started anew"};
    seen = std::move(*status);
    if (!seen.registered) return seen;
    std::this_thread::sleep_for(kLook);
  }
  return Error{"it is still registered after " + format_duration(most)};
}

int drain(const CommandCall& call) {
  auto agent = LocalAgent::of(call);
  if (!agent) return fail_call(call, {{agent.error().message}, kExitFailed});
  const auto before = agent->status();
  if (!before) return fail_call(call, {{before.error().message}, kExitFailed});
  const auto asked = agent->signal(*before, SIGUSR2);
  if (!asked) return fail_call(call, {{asked.error().message}, kExitFailed});
  const auto after = drained(*agent, *before, drain_budget(call.loaded.settings) + kGiveBack);
  if (!after) {
    return fail_call(
        call, {{"not drained; " + after.error().message + "; try: the agent's log"}, kExitFailed});
  }
  if (after->registered) {
    call.out << "it was stopped while it drained, and has ended\n";
    return kExitFine;
  }
  if (after->draining && !after->handed_over) {
    return fail_call(
        call, {{"not all targets were handed over; the time was up; try: a longer --shard.drain"},
               kExitFailed});
  }
  call.out << (after->draining ? "handed over\n" : "there is nobody to hand over to\n");
  return kExitFine;
}

}  // namespace

Command drain_command() {
  return {.name = "drain",
          .summary = "hands this node's targets over, and returns when that is done",
          .about =
              "The agent on this machine leaves the cluster in good order, and then waits for "
              "its SIGTERM (or POST /-/quit), the first of which does not cut the drain short. "
              "Meanwhile it is not ready. For a hook that runs before the node is stopped, such "
              "as a preStop hook, or by hand: systemctl stop ends a drained node as any other. "
              "It comes back by a restart.",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = node_options(),
          .examples = {{"promster drain", "hands over what the agent on this machine has."}},
          .exits = {{kExitFine,
                     "handed over, there was nobody to hand over to, or it was stopped meanwhile"},
                    {kExitFailed, "not handed over, or there is no agent"},
                    {kExitUsage, "wrong usage or settings"}},
          .run = drain};
}

}  // namespace promster
