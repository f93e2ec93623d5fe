#include <ostream>

#include "agent/setting_table.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/completion.h"

namespace promster {
namespace {

int print_completion(const CommandCall& call) {
  const std::string shell = call.positionals.size() == 1 ? call.positionals.front() : "";
  if (shell == "bash") {
    call.out << bash_completion(all_commands(), setting_table());
  } else if (shell == "zsh") {
    call.out << zsh_completion(all_commands(), setting_table());
  } else if (shell == "fish") {
    call.out << fish_completion(all_commands(), setting_table());
  } else {
    print_error(call.err,
                "completion needs a shell: bash, zsh or fish; try: promster completion bash");
    return kExitUsage;
  }
  return kExitFine;
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .summary = "prints a script that completes promster's commands in a shell",
          .positionals = "bash|zsh|fish",
          .words = {"bash", "zsh", "fish"},
          .examples = {{"source <(promster completion bash)", "completes in this bash."},
                       {"promster completion zsh > \"${fpath[1]}/_promster\"",
                        "completes in every new zsh."},
                       {"promster completion fish > ~/.config/fish/completions/promster.fish",
                        "completes in every new fish."}},
          .run = print_completion};
}

}  // namespace promster
