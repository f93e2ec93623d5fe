#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace promster {

// Why a call cannot be answered, a line each, and the exit code that it ends with.
struct CallError {
  std::vector<std::string> messages;
  int exit_code = kExitUsage;
};

// Prints it, and returns its exit code.
int fail_call(const CommandCall& call, const CallError& error);

}  // namespace promster
