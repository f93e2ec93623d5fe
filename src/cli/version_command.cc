#include <ostream>

#include "base/version.h"
#include "cli/commands.h"
#include "core/json_text.h"

namespace promster {
namespace {

int print_version(const CommandCall& call) {
  if (call.text("--output") == "json") {
    call.out << "{\"version\": " << json_quote(kVersion) << "}\n";
  } else {
    call.out << "promster " << kVersion << "\n";
  }
  return kExitFine;
}

}  // namespace

Command version_command() {
  return {.name = "version",
          .summary = "prints the version",
          .options = {output_option()},
          .examples = {{"promster version -o json", "prints it for a program."}},
          .run = print_version};
}

}  // namespace promster
