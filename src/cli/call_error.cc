#include "cli/call_error.h"

namespace promster {

int fail_call(const CommandCall& call, const CallError& error) {
  for (const std::string& message : error.messages) print_error(call.err, message);
  return error.exit_code;
}

}  // namespace promster
