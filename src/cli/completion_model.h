#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/setting_table.h"
#include "cli/command.h"

// What the completions of all shells have in common. Pure, any thread.
namespace promster {

// What may stand behind a flag, or in the place of a word.
struct Completable {
  enum class Kind { kNothing, kAnything, kFiles, kDirectories, kChoices, kOnOrOff };
  Kind kind = Kind::kNothing;        // kOnOrOff: a value is not needed, but may stand behind "="
  std::vector<std::string> choices;  // of kChoices
};

struct CompletableFlag {
  std::string long_name;   // "output", without dashes
  std::string short_name;  // "o", or empty
  std::string help;
  std::string value_name;  // empty where no value is needed
  Completable value;
};

CompletableFlag completable(const CommandOption& option);
CompletableFlag completable(const SettingSpec& spec);

// The flags of the command alone, and --help.
std::vector<CompletableFlag> completable_flags(const Command& command);

// The first word behind the command, and each later one.
Completable first_word(const Command& command);
Completable later_word(const Command& command);

// The texts with `separator` between them.
std::string joined(const std::vector<std::string>& texts, std::string_view separator);

// The text with every `what` replaced.
std::string replaced(std::string text, std::string_view what, std::string_view by);

}  // namespace promster
