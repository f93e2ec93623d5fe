#include <ostream>

#include "base/version.h"
#include "cli/commands.h"

namespace promster {

Command version_command() {
  return {.name = "version",
          .summary = "prints the version",
          .run = [](const CommandCall& call) -> int {
            call.out << "promster " << kVersion << "\n";
            return kExitFine;
          }};
}

}  // namespace promster
