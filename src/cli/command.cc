#include "cli/command.h"

#include <cstdlib>
#include <ostream>

#include "base/text.h"

namespace promster {

bool CommandCall::flag(const std::string& name) const {
  return options.at(name) == "true";
}

const std::string& CommandCall::text(const std::string& name) const {
  return options.at(name);
}

std::int64_t CommandCall::number(const std::string& name) const {
  return std::strtoll(options.at(name).c_str(), nullptr, 10);
}

CommandOption output_option() {
  return {.name = "-o,--output",
          .kind = CommandOption::Kind::kText,
          .fallback = "table",
          .help = "table or json",
          .choices = {"table", "json"}};
}

void print_error(std::ostream& err, const std::string& message) {
  err << "promster: " << printable(message, 4096) << "\n";
}

void print_warnings(const CommandCall& call) {
  for (const std::string& warning : call.loaded.warnings) {
    print_error(call.err, "warning: " + warning);
  }
}

}  // namespace promster
