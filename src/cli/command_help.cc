#include "cli/command_help.h"

#include <algorithm>

#include "cli/wrapped_text.h"

namespace promster {
namespace {

constexpr std::size_t kMostTerm = 26;

std::string term_of(const CommandOption& option) {
  const std::string both = option.short_name().empty()
                               ? option.long_name()
                               : option.short_name() + ", " + option.long_name();
  const std::string value = option.value_name();
  return "  " + both + (value.empty() ? "" : " " + value);
}

std::string text_of(const CommandOption& option) {
  return option.help + (option.fallback.empty() ? "" : " (default " + option.fallback + ")");
}

std::string options_part(std::span<const CommandOption> options) {
  if (options.empty()) return "";
  std::size_t indent = 0;
  for (const CommandOption& option : options) {
    indent = std::max(indent, std::min(kMostTerm, term_of(option).size() + 2));
  }
  std::string text = "\nOptions:\n";
  for (const CommandOption& option : options) {
    text += wrapped_entry(term_of(option), text_of(option), indent);
  }
  return text;
}

std::string examples_part(const Command& command) {
  if (command.examples.empty()) return "";
  std::string text = "\nExamples:\n";
  for (const CommandExample& example : command.examples) {
    text += "  " + example.call + "\n" + wrapped_text(example.does, 6);
  }
  return text;
}

std::string exits_part(const Command& command) {
  std::string text = "\nExit codes:\n";
  for (const CommandExit& exit : exits_of(command)) {
    text += wrapped_entry("  " + std::to_string(exit.code), exit.meaning, 5);
  }
  return text;
}

std::string settings_part(bool takes_settings) {
  if (!takes_settings) return "";
  return "\nSettings, as flags, variables or in a file:\n"
         "  promster help settings, or docs/reference/settings.md\n";
}

}  // namespace

std::string program_help(std::span<const Command> commands) {
  std::size_t indent = 0;
  for (const Command& command : commands) indent = std::max(indent, command.name.size() + 4);
  std::string text =
      "promster shares scrape targets among Prometheus servers, through etcd.\n"
      "Without a command it runs the agent.\n"
      "\nUsage: promster [COMMAND] [OPTIONS] [SETTINGS]\n\nCommands:\n";
  for (const Command& command : commands) {
    text += wrapped_entry("  " + command.name, command.summary, indent);
  }
  text += options_part(program_options()) + settings_part(true);
  return text +
         "  The original promster's flags, such as --scrape-etcd-url, are listed there, too.\n"
         "\nOf a command: promster help COMMAND, or man promster-COMMAND\n";
}

std::string command_help(const Command& command) {
  std::string text = "promster " + command.name + ": " + command.summary + "\n";
  if (!command.about.empty()) text += "\n" + wrapped_text(command.about, 0);
  text += "\nUsage: " + usage_of(command) + "\n" + options_part(command.options) +
          settings_part(command.takes_settings);
  return text + examples_part(command) + exits_part(command);
}

}  // namespace promster
