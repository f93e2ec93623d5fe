#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <ostream>

#include "agent/setting_table.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/settings_help.h"

namespace promster {
namespace {

constexpr const char* kAbout =
    "promster shares scrape targets among Prometheus servers, through etcd.\n"
    "Without a command it runs the agent.";

// "-o,--output" -> "--output".
std::string long_name(const std::string& name) {
  return name.substr(name.find("--"));
}

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

void declare_option(CLI::App& app, const CommandOption& option, Parsed& parsed) {
  std::string& value = parsed.options[long_name(option.name)];
  value = option.fallback;
  if (option.kind == CommandOption::Kind::kFlag) {
    app.add_flag_callback(
        option.name, [&value] { value = "true"; }, option.help);
    return;
  }
  const bool number = option.kind == CommandOption::Kind::kNumber;
  CLI::Option* declared = app.add_option(option.name, value, option.help);
  declared->type_name(number ? "N" : "TEXT")->capture_default_str();
  if (number) declared->check(whole_number, "");
  if (!option.choices.empty()) declared->check(CLI::IsMember(option.choices));
}

void declare_command(CLI::App& app, const Command& command, std::map<const Command*, Parsed>& all) {
  CLI::App* sub = app.add_subcommand(command.name, command.summary);
  Parsed& parsed = all[&command];
  sub->allow_extras();
  for (const CommandOption& option : command.options) declare_option(*sub, option, parsed);
  if (!command.positionals.empty()) {
    CLI::Option* words = sub->add_option("words", parsed.positionals);
    words->option_text(command.positionals);
  }
  if (command.takes_settings) sub->footer(settings_help());
}

// Every flag there is, for "did you mean".
std::vector<std::string> known_flags(std::span<const Command> commands) {
  std::vector<std::string> flags;
  for (const SettingSpec& spec : setting_table()) {
    if (!spec.secret) flags.push_back("--" + std::string(spec.name));
    if (!spec.alias.empty()) flags.push_back("--" + std::string(spec.alias));
  }
  for (const Command& command : commands) {
    for (const CommandOption& option : command.options) flags.push_back(long_name(option.name));
  }
  return flags;
}

std::vector<std::string> command_names(std::span<const Command> commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  return names;
}

std::string unknown_flag(const std::string& argument, std::span<const Command> commands) {
  std::string flag = argument.substr(0, argument.find('='));
  if (!flag.starts_with("--")) flag = "-" + flag;
  const auto meant = did_you_mean(flag, known_flags(commands));
  return printable(flag) + " is no flag" +
         (meant ? "; did you mean " + *meant + "?" : "; try: promster --help");
}

std::string unknown_word(const std::string& word, std::span<const Command> commands) {
  const auto meant = did_you_mean(word, command_names(commands));
  return "\"" + printable(word) + "\" is no command" +
         (meant ? "; did you mean " + *meant + "?" : "; try: promster --help");
}

// The value of a flag that nobody knows is an argument that nobody knows: only the flag is
// reported.
std::vector<std::string> speak_of_extras(const std::vector<std::string>& extras,
                                         std::span<const Command> commands) {
  std::vector<std::string> errors;
  for (const std::string& extra : extras) {
    if (extra.starts_with('-')) errors.push_back(unknown_flag(extra, commands));
  }
  if (errors.empty() && !extras.empty()) errors.push_back(unknown_word(extras[0], commands));
  return errors;
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
                   .err = line.err};
  if (command.takes_settings) {
    call.loaded = load_settings(process_sources(taken.flags, line.environment));
    const bool usable = call.loaded.errors.empty() || command.bears_bad_settings;
    if (!usable) return report(call.loaded.errors, line.err);
  } else if (!taken.flags.empty()) {
    return report({taken.flags[0].spelling + " is no flag of " + command.name + "; try: promster " +
                   command.name + " --help"},
                  line.err);
  }
  return command.run(call);
}

}  // namespace

int run_command_line(std::span<const Command> commands, const CommandLine& line) {
  TakenFlags taken = take_setting_flags(line.arguments);
  CLI::App app(kAbout, "promster");
  app.allow_extras();
  app.set_version_flag("--version", std::string("promster ") + kVersion);
  std::map<const Command*, Parsed> all;
  for (const Command& command : commands) declare_command(app, command, all);
  app.footer(settings_help());  // now, since commands declared later would inherit it
  try {
    std::vector<std::string> reversed(taken.rest.rbegin(), taken.rest.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& failure) {
    if (failure.get_exit_code() == 0) return app.exit(failure, line.out, line.err);
    taken.errors.push_back(std::string(failure.what()) + "; try: promster --help");
    return report(taken.errors, line.err);
  }
  std::ranges::move(speak_of_extras(app.remaining(true), commands),
                    std::back_inserter(taken.errors));
  if (!taken.errors.empty()) return report(taken.errors, line.err);
  const auto chosen = std::ranges::find_if(commands, [&app](const Command& command) {
    const auto used = app.get_subcommands();
    return command.name == (used.empty() ? "run" : used[0]->get_name());
  });
  return run(*chosen, all[&*chosen], taken, line);
}

}  // namespace promster
