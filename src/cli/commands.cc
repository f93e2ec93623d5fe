#include "cli/commands.h"

namespace promster {

std::vector<Command> all_commands() {
  std::vector<Command> commands{run_command(),        check_command(),    render_command(),
                                config_command(),     status_command(),   top_command(),
                                explain_command(),    simulate_command(), generator_command(),
                                register_command(),   demo_command(),     healthcheck_command(),
                                confirm_command(),    drain_command(),    hash_password_command(),
                                completion_command(), docs_command(),     version_command()};
  commands.push_back(help_command(commands));
  return commands;
}

}  // namespace promster
