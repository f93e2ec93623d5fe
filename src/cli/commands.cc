#include "cli/commands.h"

namespace promster {

std::vector<Command> all_commands() {
  return {run_command(),         check_command(),    render_command(),    config_command(),
          explain_command(),     simulate_command(), generator_command(), demo_command(),
          healthcheck_command(), version_command(),  help_command()};
}

}  // namespace promster
