#pragma once

#include <span>
#include <string>

#include "cli/command.h"

// The help as a text for the terminal. Pure, any thread.
namespace promster {

// What `promster --help` says.
std::string program_help(std::span<const Command> commands);

// What `promster COMMAND --help` says.
std::string command_help(const Command& command);

}  // namespace promster
