#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <ostream>

#include "agent/setting_table.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/command_help.h"
#include "cli/settings_help.h"

namespace promster {
namespace {

// What CLI11 found; it writes into these while it parses.
struct Parsed {
  const Command* command = nullptr;
  std::map<std::string, std::string> options;
  std::vector<std::string> positionals;
};

// What is wrong with the text of a number; empty where nothing is.
std::string whole_number(const std::string& text) {
  const bool digits = !text.empty() && text.size() < 10 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "" : "\"" + printable(text) + "\" is no whole number";
}

// What is wrong with a text that is to be one of a few; empty where nothing is.
std::string none_of(const CommandOption& option, const std::string& text) {
  if (std::ranges::find(option.choices, text) != option.choices.end()) return "";
  std::string all;
  for (const std::string& choice : option.choices) all += (all.empty() ? "" : ", ") + choice;
  return "\"" + printable(text) + "\" is none of " + all;
}

void declare_option(CLI::App& app, const CommandOption& option, Parsed& parsed) {
  std::string& value = parsed.options[option.long_name()];
  value = option.fallback;
  if (option.kind == CommandOption::Kind::kFlag) {
    app.add_flag_callback(
        option.name, [&value] { value = "true"; }, option.help);
    return;
  }
  const bool number = option.kind == CommandOption::Kind::kNumber;
  CLI::Option* declared = app.add_option(option.name, value, option.help);
  if (number) declared->check(whole_number, "");
  if (option.choices.empty()) return;
  declared->check([&option](const std::string& text) { return none_of(option, text); }, "");
}

void declare_command(CLI::App& app, const Command& command, std::map<const Command*, Parsed>& all) {
  CLI::App* sub = app.add_subcommand(command.name, command.summary);
  Parsed& parsed = all[&command];
  sub->allow_extras();
  for (const CommandOption& option : command.options) declare_option(*sub, option, parsed);
  if (!command.positionals.empty()) {
    sub->add_option("words", parsed.positionals);
  }
}

// Every flag that may stand there, for "did you mean". `used` is null where no command was named:
// then it may be for any.
std::vector<std::string> known_flags(std::span<const Command> commands, const Command* used) {
  std::vector<std::string> flags;
  for (const SettingSpec& spec : setting_table()) {
    if (used != nullptr && !used->takes_settings) break;
    if (!spec.secret) flags.push_back("--" + std::string(spec.name));
    if (!spec.alias.empty()) flags.push_back("--" + std::string(spec.alias));
  }
  for (const Command& command : commands) {
    if (used != nullptr && used != &command) continue;
    for (const CommandOption& option : command.options) flags.push_back(option.long_name());
  }
  return flags;
}

std::string try_help(const Command* used) {
  return "; try: promster " + (used == nullptr ? "--help" : "help " + used->name);
}

std::vector<std::string> command_names(std::span<const Command> commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  return names;
}

std::string unknown_flag(const std::string& argument, std::span<const Command> commands,
                         const Command* used) {
  std::string flag = argument.substr(0, argument.find('='));
  if (!flag.starts_with("--")) flag = "-" + flag;
  std::vector<std::string> known = known_flags(commands, used);
  std::erase(known, flag);  // it is one, of a command that was not named
  const auto meant = did_you_mean(flag, known);
  return printable(flag) + " is no flag" + (used == nullptr ? "" : " of " + used->name) +
         (meant ? "; did you mean " + *meant + "?" : try_help(used));
}

std::string unknown_word(const std::string& word, std::span<const Command> commands) {
  const auto meant = did_you_mean(word, command_names(commands));
  return "\"" + printable(word) + "\" is no command" +
         (meant ? "; did you mean " + *meant + "?" : "; try: promster --help");
}

// The word is not said again: behind hash-password it may be a password.
std::string stray_word(const Command& command) {
  return command.name + " takes no words; try: promster help " + command.name;
}

// The value of a flag that nobody knows is an argument that nobody knows: only the flag is
// reported. `used` is null where no command was named.
std::vector<std::string> speak_of_extras(const std::vector<std::string>& extras,
                                         std::span<const Command> commands, const Command* used) {
  std::vector<std::string> errors;
  for (const std::string& extra : extras) {
    if (extra.starts_with('-')) errors.push_back(unknown_flag(extra, commands, used));
  }
  if (!errors.empty() || extras.empty()) return errors;
  return {used == nullptr ? unknown_word(extras[0], commands) : stray_word(*used)};
}

// Takes "--" and the words behind it off the arguments: they are for the command as they are.
std::vector<std::string> take_words_behind_dashes(std::vector<std::string>& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> words(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return words;
}

// What CLI11 says is wrong with an option, as `what; why; try: the mend`. Its words are
// "--times: why".
std::string option_error(const CLI::ParseError& failure, const Command* used) {
  const std::string said = failure.what();
  const std::size_t name = std::min(said.find(':'), said.size());
  std::string why = said.substr(std::min(name + 2, said.size()));
  if (failure.get_name() == "ArgumentMismatch") {
    why = why.starts_with("At Most") ? "it is given more than once" : "its value is missing";
  }
  return said.substr(0, name) + (why.empty() ? "" : "; " + why) + try_help(used);
}

int report(const std::vector<std::string>& errors, std::ostream& err) {
  for (const std::string& error : errors) print_error(err, error);
  return kExitUsage;
}

int run(const Command& command, Parsed parsed, const TakenFlags& taken, const CommandLine& line) {
  CommandCall call{.arguments = line.arguments,
                   .options = std::move(parsed.options),
                   .positionals = std::move(parsed.positionals),
                   .loaded = {},
                   .environment = line.environment,
                   .out = line.out,
                   .err = line.err,
                   .program = line.program};
  if (command.takes_settings) {
    call.loaded = load_settings(process_sources(taken.flags, line.environment));
    const bool usable = call.loaded.errors.empty() || command.bears_bad_settings;
    if (!usable) return report(call.loaded.errors, line.err);
  } else if (!taken.flags.empty()) {
    return report({taken.flags[0].spelling + " is no flag of " + command.name + try_help(&command)},
                  line.err);
  }
  return command.run(call);
}

// Null where none was named.
const Command* used_command(const CLI::App& app, std::span<const Command> commands) {
  const auto used = app.get_subcommands();
  if (used.empty()) return nullptr;
  return &*std::ranges::find(commands, used[0]->get_name(), &Command::name);
}

// CLI11 has no errors alone: it throws where help or the version was asked for, too.
int answer(const CLI::ParseError& asked, std::span<const Command> commands, const Command* used,
           const CommandLine& line) {
  if (asked.get_name() == "CallForVersion") {
    line.out << asked.what() << "\n";
    return kExitFine;
  }
  line.out << (used == nullptr ? program_help(commands) : command_help(*used));
  if (asked.get_name() == "CallForAllHelp") line.out << "\n" << settings_help(setting_table());
  return kExitFine;
}

}  // namespace

int run_command_line(std::span<const Command> commands, const CommandLine& line) {
  TakenFlags taken = take_setting_flags(line.arguments);
  CLI::App app;
  app.allow_extras();
  app.require_subcommand(0, 1);  // behind a command its name is a word like another
  app.set_help_all_flag("--help-all");
  app.set_version_flag("--version", std::string("promster ") + kVersion);
  const std::vector<std::string> behind = take_words_behind_dashes(taken.rest);
  std::map<const Command*, Parsed> all;
  for (const Command& command : commands) declare_command(app, command, all);
  try {
    std::vector<std::string> reversed(taken.rest.rbegin(), taken.rest.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& failure) {
    if (failure.get_exit_code() == 0) {
      return answer(failure, commands, used_command(app, commands), line);
    }
    taken.errors.push_back(option_error(failure, used_command(app, commands)));
    return report(taken.errors, line.err);
  }
  const Command* used = used_command(app, commands);
  const Command* chosen =
      used != nullptr ? used : &*std::ranges::find(commands, "run", &Command::name);
  std::vector<std::string> extras = app.remaining(true);
  std::vector<std::string>& taker = chosen->positionals.empty() ? extras : all[chosen].positionals;
  taker.insert(taker.end(), behind.begin(), behind.end());
  std::ranges::move(speak_of_extras(extras, commands, used), std::back_inserter(taken.errors));
  if (!taken.errors.empty()) return report(taken.errors, line.err);
  return run(*chosen, all[chosen], taken, line);
}

}  // namespace promster
