#include <iostream>
#include <string>

#include "cli/command_line.h"
#include "cli/commands.h"

extern char** environ;

namespace {

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

}  // namespace

int main(int argc, char** argv) {
  const int code =
      promster::run_command_line(promster::all_commands(), {.arguments = {argv + 1, argv + argc},
                                                            .environment = environment(),
                                                            .out = std::cout,
                                                            .err = std::cerr,
                                                            .program = argv[0]});
  if (std::cout.flush() || code != promster::kExitFine) return code;
  std::cerr << "promster: the output cannot be written; try: is that disk full?\n";
  return promster::kExitFailed;
}
