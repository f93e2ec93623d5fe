#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "agent/settings_load.h"

namespace promster {

// How a command of promster ends (interface.md, "Commands").
enum ExitCode : int {
  kExitFine = 0,
  kExitFailed = 1,
  kExitUsage = 2,         // usage or settings
  kExitOnlyFindings = 3,  // `check` found something that does not stop anything
};

// What a command was called with.
struct CommandCall {
  std::vector<std::string> arguments;          // of the process, without its name
  std::map<std::string, std::string> options;  // by Command's names; each one that has a default
  std::vector<std::string> positionals;
  LoadedSettings loaded;  // where the command takes settings
  std::map<std::string, std::string> environment;
  std::ostream& out;
  std::ostream& err;
  std::string program = "promster";  // as it was called, for hints that can be copied

  // Reads an option of the command. REQUIRES: the command declares it, as that kind.
  bool flag(const std::string& name) const;
  const std::string& text(const std::string& name) const;
  std::int64_t number(const std::string& name) const;
};

// An option that one command alone has, beside the settings.
struct CommandOption {
  enum class Kind { kFlag, kText, kNumber };  // a number is whole and not negative

  std::string name;  // "--diff", or with a short form "-o,--output"; asked for as "--output"
  Kind kind = Kind::kFlag;
  std::string fallback;  // what it is when not given; a flag is off
  std::string help;
  std::vector<std::string> choices;  // the only texts allowed; empty: any
  std::string value;  // how the help calls the value: FILE and DIR complete as such; empty: N, TEXT

  std::string long_name() const;   // "--output"
  std::string short_name() const;  // "-o", or empty
  // How the help calls the value: "table|json", "N", "FILE"; empty for a flag.
  std::string value_name() const;
};

// `-o table|json`, which every command has whose output a program may want to read; asked for as
// "--output".
CommandOption output_option();

// One call for users to copy, and what it does.
struct CommandExample {
  std::string call;  // "promster check --scrape.etcd-path=/webservers/generator"
  std::string does;
};

// What one exit code says.
struct CommandExit {
  int code = kExitFine;
  std::string meaning;
};

// One command: plain data and a function. The command line is read, checked, completed and
// explained (help, man pages, docs/reference/) from it, so that a command's own file holds only
// what the command does.
struct Command {
  std::string name;
  std::string summary;
  std::string about;                // what else there is to know, in whole sentences; may be empty
  bool takes_settings = false;      // then `loaded` is filled in, and bad ones never reach `run`,
  bool bears_bad_settings = false;  // but for a command that needs only few of them
  std::vector<CommandOption> options;
  std::string positionals;  // how the help calls them ("[scale levelN=M | stop]"); empty: none
  std::vector<std::string> words;  // what the first of them may be, to complete it; empty: anything
  std::vector<CommandExample> examples;
  std::vector<CommandExit> exits;  // empty: the three that every command has
  int (*run)(const CommandCall& call) = nullptr;
};

// The exit codes of a command, with what they say.
std::vector<CommandExit> exits_of(const Command& command);

// How the command is called: "promster explain [OPTIONS] [SETTINGS] TARGET".
std::string usage_of(const Command& command);

// --help, --help-all and --version, which stand before a command or without one.
std::vector<CommandOption> program_options();

// Writes "promster: <message>" as the line of an error; a message reads `what; why; try: the mend`.
void print_error(std::ostream& err, const std::string& message);

// Writes the warnings of the settings, in the same form.
void print_warnings(const CommandCall& call);

}  // namespace promster
