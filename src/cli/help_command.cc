#include <algorithm>
#include <ostream>
#include <utility>

#include "agent/setting_table.h"
#include "base/text.h"
#include "cli/command_help.h"
#include "cli/commands.h"
#include "cli/settings_help.h"

namespace promster {
namespace {

int help_of(const std::string& topic, const CommandCall& call) {
  const std::vector<Command> commands = all_commands();
  if (topic == "settings") {
    call.out << settings_help(setting_table());
    return kExitFine;
  }
  const auto found = std::ranges::find(commands, topic, &Command::name);
  if (found != commands.end()) {
    call.out << command_help(*found);
    return kExitFine;
  }
  std::vector<std::string> topics{"settings"};
  for (const Command& command : commands) topics.push_back(command.name);
  const auto meant = did_you_mean(topic, topics);
  print_error(call.err, "help; there is none on \"" + printable(topic) + "\"; " +
                            (meant ? "did you mean " + *meant + "?" : "try: promster help"));
  return kExitUsage;
}

int help(const CommandCall& call) {
  if (call.positionals.empty()) {
    call.out << program_help(all_commands());
    return kExitFine;
  }
  if (call.positionals.size() == 1) return help_of(call.positionals.front(), call);
  print_error(call.err, "help; it knows one word at a time; try: promster help settings");
  return kExitUsage;
}

}  // namespace

Command help_command(std::span<const Command> commands) {
  std::vector<std::string> topics{"settings"};
  for (const Command& command : commands) topics.push_back(command.name);
  return {.name = "help",
          .summary = "explains a command, or lists all settings",
          .positionals = "[COMMAND | settings]",
          .words = std::move(topics),
          .examples = {{"promster help settings", "lists all settings by group."},
                       {"promster help explain", "says how that command is called."}},
          .run = help};
}

}  // namespace promster
