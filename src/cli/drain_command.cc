#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>
#include <thread>

#include "cli/commands.h"
#include "cli/local_agent.h"

namespace promster {
namespace {

constexpr auto kLook = std::chrono::milliseconds(200);
// A step of configuration may keep the control thread from a signal, or from the end of its time,
// for half a minute.
constexpr Duration kPatience = std::chrono::seconds(60);

// What a farewell came to (core/drain.h), in words for people.
struct Ending {
  std::string_view name;
  bool fine;
  std::string_view words;
};
constexpr std::array<Ending, 6> kEndings{{
    {"handed_over", true, "handed over\n"},
    {"nobody", true, "there is nobody to hand over to\n"},
    {"nothing", true,
     "there is nothing to hand over: the node has no share of its own, or --shard.handover is 0\n"},
    {"etcd_silent", false,
     "not handed over; etcd does not answer, so no sibling was told; try: where the node is not to "
     "stop yet, etcd first, then a restart of the agent, then promster drain"},
    {"time_up", false,
     "not all targets were handed over; the time was up; try: a longer --shard.drain"},
    {"cut_short", false,
     "not all targets were handed over; it was told to stop at once; try: one SIGTERM, or none, "
     "while it drains"},
}};

// For an agent that is as it was seen now.
SteadyTime wait_until(const ShownStatus& seen) {
  const std::chrono::duration<double> left(std::max(0.0, seen.drain_until.value_or(0) - seen.time));
  return std::chrono::steady_clock::now() + std::chrono::duration_cast<Duration>(left) + kPatience;
}

// The node as it was seen last: when its farewell is over, or where it has ended since.
Result<ShownStatus> drained(LocalAgent& agent, ShownStatus seen) {
  SteadyTime last = wait_until(seen);
  while (std::chrono::steady_clock::now() < last) {
    auto status = agent.status();
    if (!status && !agent.runs(seen)) {
      return seen.draining || !seen.drain_end.empty() ? seen : Result<ShownStatus>(status.error());
    }
    if (status) {
      if (status->pid != seen.pid) return Error{"its agent was started anew"};
      const bool begins = status->drain_until != seen.drain_until;
      seen = std::move(*status);
      if (!seen.drain_end.empty() && !seen.registered) return seen;
      if (begins) last = wait_until(seen);
    }
    std::this_thread::sleep_for(kLook);
  }
  return Error{seen.draining ? "it should have been done " + format_duration(kPatience) + " ago"
                             : "it took no note of it in " + format_duration(kPatience)};
}

Result<std::string> drain(LocalAgent& agent, const ShownStatus& before) {
  const auto asked = agent.signal(before, SIGUSR2);
  if (!asked) return asked.error();
  const auto after = drained(agent, before);
  if (!after) return Error{"not drained; " + after.error().message + "; try: the agent's log"};
  const auto ending = std::ranges::find(kEndings, after->drain_end, &Ending::name);
  if (ending == kEndings.end()) {
    return std::string("it was stopped while it drained, and has ended\n");
  }
  return ending->fine ? Result<std::string>(std::string(ending->words))
                      : Error{std::string(ending->words)};
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
              "It comes back by a restart. How long it may take is up to the agent's "
              "--shard.drain.",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = node_options(),
          .examples = {{"promster drain", "hands over what the agent on this machine has."}},
          .exits = {{kExitFine,
                     "handed over, there was nobody to hand over to or nothing to hand over, or it "
                     "was stopped meanwhile"},
                    {kExitFailed,
                     "not all handed over, since the time was up or etcd did not answer, or there "
                     "is no agent"},
                    {kExitUsage, "wrong usage or settings"}},
          .run = [](const CommandCall& call) { return tell_local_agent(call, drain); }};
}

}  // namespace promster
