#include <ostream>

#include "cli/commands.h"
#include "cli/node_client.h"

namespace promster {
namespace {

int check_health(const CommandCall& call) {
  const std::string url = local_page(call.loaded.settings.web) + "/-/healthy";
  const auto answer = HttpClient().get(url, Duration(5'000));
  if (!answer) {
    print_error(call.err, answer.error().message + "; try: is the agent running, and is " +
                              "--web.listen-address the same?");
    return kExitFailed;
  }
  if (answer->status == 200) return kExitFine;
  print_error(call.err, "GET " + url + ": status " + std::to_string(answer->status));
  return kExitFailed;
}

}  // namespace

// It needs to know only where the agent listens: what else is wrong is the agent's to say.
Command healthcheck_command() {
  return {.name = "healthcheck",
          .summary = "asks the agent on this machine whether it is well",
          .takes_settings = true,
          .bears_bad_settings = true,
          .examples = {{"promster healthcheck", "says by its exit code whether the agent answers."},
                       {"promster healthcheck --web.listen-address=:9196",
                        "asks an agent that listens elsewhere."}},
          .exits = {{kExitFine, "the agent is well"},
                    {kExitFailed, "it does not answer, or is not well"},
                    {kExitUsage, "wrong usage"}},
          .run = check_health};
}

}  // namespace promster
