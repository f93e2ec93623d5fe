#include <csignal>
#include <thread>

#include "cli/commands.h"
#include "cli/local_agent.h"
#include "web/page_words.h"

namespace promster {
namespace {

constexpr auto kLook = std::chrono::milliseconds(100);
// A step of configuration may keep the control thread from a signal for half a minute.
constexpr Duration kPatience = std::chrono::seconds(60);

// Waits until the agent has taken note; returns what it says then.
Result<ShownStatus> wait_until_noted(LocalAgent& agent, const ShownStatus& before) {
  const SteadyTime last = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < last) {
    auto status = agent.status();
    if (!status || status->confirmations != before.confirmations) return status;
    std::this_thread::sleep_for(kLook);
  }
  return Error{"the agent took no note of it in " + format_duration(kPatience) +
               "; try: the agent's log, and promster status targets --state held"};
}

std::string report(std::size_t let_go, std::size_t held_since) {
  std::string text =
      counted(let_go, "target") + (let_go == 1 ? " was held, and is" : " were held, and are");
  text += " let go\n";
  if (held_since == 0) return text;
  return text + counted(held_since, "target") + " went meanwhile, and " +
         (held_since == 1 ? "is" : "are") + " held: promster status targets --state held\n";
}

Result<std::string> confirm(LocalAgent& agent, const ShownStatus& before) {
  if (before.held == 0) return std::string("nothing is held\n");
  const auto told = agent.signal(before, SIGUSR1);
  if (!told) return told.error();
  const auto after = wait_until_noted(agent, before);
  return after ? report(before.held, after->held) : Result<std::string>(after.error());
}

}  // namespace

Command confirm_command() {
  return {.name = "confirm",
          .summary = "lets the targets go that this node holds: they are gone indeed",
          .about =
              "Targets that vanish from etcd in great numbers are held: scraped on, since a "
              "registry that forgets is more likely (--shard.hold-share). This tells the agent on "
              "this machine, by SIGUSR1, that they are gone. Other nodes hold theirs. `promster "
              "status targets --state held` lists them.",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = node_options(),
          .examples = {{"promster confirm", "lets go what the agent on this machine holds."}},
          .exits = {{kExitFine, "let go, or nothing is held"},
                    {kExitFailed, "not let go, or there is no agent"},
                    {kExitUsage, "wrong usage or settings"}},
          .run = [](const CommandCall& call) { return tell_local_agent(call, confirm); }};
}

}  // namespace promster
