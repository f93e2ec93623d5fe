#pragma once

#include <iosfwd>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "cli/command.h"

namespace promster {

// What a process was started with, and where it speaks.
struct CommandLine {
  std::vector<std::string> arguments;  // without the name of the program
  std::map<std::string, std::string> environment;
  std::ostream& out;
  std::ostream& err;
  std::string program = "promster";  // as it was called
};

// Finds the command (`run` where none is named), reads its options and settings, and runs it. All
// that is wrong is said at once, a line each, and the command does not run. Returns its exit code.
// REQUIRES: `commands` has one named "run".
int run_command_line(std::span<const Command> commands, const CommandLine& line);

}  // namespace promster
