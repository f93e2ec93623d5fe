#pragma once

#include <span>
#include <vector>

#include "cli/command.h"

namespace promster {

// The commands, one a file.
Command run_command();
Command check_command();
Command render_command();
Command config_command();
Command status_command();
Command top_command();
Command explain_command();
Command simulate_command();
Command generator_command();
Command register_command();
Command demo_command();
Command healthcheck_command();
Command confirm_command();
Command drain_command();
Command hash_password_command();
Command completion_command();
Command docs_command();
Command version_command();
Command help_command(std::span<const Command> commands);  // explains these

// All of them, in the order of the help.
std::vector<Command> all_commands();

}  // namespace promster
