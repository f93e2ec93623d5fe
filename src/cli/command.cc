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

std::string CommandOption::long_name() const {
  return name.substr(name.find("--"));
}

std::string CommandOption::short_name() const {
  return name.starts_with("--") ? "" : name.substr(0, name.find(','));
}

std::string CommandOption::value_name() const {
  if (kind == Kind::kFlag) return "";
  if (!value.empty()) return value;
  if (kind == Kind::kNumber) return "N";
  std::string all;
  for (const std::string& choice : choices) all += (all.empty() ? "" : "|") + choice;
  return all.empty() ? "TEXT" : all;
}

CommandOption output_option() {
  return {.name = "-o,--output",
          .kind = CommandOption::Kind::kText,
          .fallback = "table",
          .help = "a table for people, or JSON for programs",
          .choices = {"table", "json"}};
}

std::vector<CommandExit> exits_of(const Command& command) {
  if (!command.exits.empty()) return command.exits;
  return {{kExitFine, "fine"}, {kExitFailed, "failed"}, {kExitUsage, "wrong usage or settings"}};
}

std::string usage_of(const Command& command) {
  std::string usage = "promster " + command.name;
  if (!command.options.empty()) usage += " [OPTIONS]";
  if (command.takes_settings) usage += " [SETTINGS]";
  if (!command.positionals.empty()) usage += " " + command.positionals;
  return usage;
}

std::vector<CommandOption> program_options() {
  return {{.name = "-h,--help", .help = "this, or what a command does"},
          {.name = "--help-all", .help = "the same with all settings"},
          {.name = "--version", .help = "the version"}};
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
