#include "cli/completion.h"
#include "cli/completion_model.h"

namespace promster {
namespace {

std::string quoted(std::string text) {
  text = replaced(std::move(text), "\\", "\\\\");
  return "'" + replaced(std::move(text), "'", "\\'") + "'";
}

// The part of `complete` that says what stands behind a flag, or in the place of a word.
std::string values(const Completable& value) {
  switch (value.kind) {
    case Completable::Kind::kFiles:
      return " -r -F";
    case Completable::Kind::kDirectories:
      return " -x -a '(__fish_complete_directories)'";
    case Completable::Kind::kChoices:
      return " -x -a '" + joined(value.choices, " ") + "'";
    case Completable::Kind::kAnything:
      return " -x";
    case Completable::Kind::kOnOrOff:
      return " -a 'true false'";
    case Completable::Kind::kNothing:
      break;
  }
  return "";
}

std::string flag_line(const std::string& condition, const CompletableFlag& flag) {
  const std::string short_name = flag.short_name.empty() ? "" : " -s " + flag.short_name;
  return "complete -c promster -n " + quoted(condition) + short_name + " -l " + flag.long_name +
         values(flag.value) + " -d " + quoted(flag.help) + "\n";
}

std::string seen(const std::string& words) {
  return "__fish_seen_subcommand_from " + words;
}

std::string word_lines(const Command& command) {
  const Completable first = first_word(command), later = later_word(command);
  std::string condition = seen(command.name);
  std::string text;
  if (first.kind == Completable::Kind::kChoices) {
    const std::string words = joined(first.choices, " ");
    text += "complete -c promster -n " + quoted(condition + "; and not " + seen(words)) +
            values(first) + "\n";
    condition += "; and " + seen(words);
  }
  if (later.kind == Completable::Kind::kNothing) return text;
  return text + "complete -c promster -n " + quoted(condition) + values(later) + "\n";
}

std::string names_of(std::span<const Command> commands, bool with_settings) {
  std::vector<std::string> names;
  for (const Command& command : commands) {
    if (with_settings || !command.takes_settings) names.push_back(command.name);
  }
  return joined(names, " ");
}

std::string functions(std::span<const Command> commands) {
  return "function __promster_no_command\n  not " + seen(names_of(commands, true)) +
         "\nend\nfunction __promster_takes_settings\n  not " + seen(names_of(commands, false)) +
         "\nend\n";
}

}  // namespace

std::string fish_completion(std::span<const Command> commands,
                            std::span<const SettingSpec> settings) {
  std::string text = "# fish completion of promster; made by: promster completion fish\n\n" +
                     functions(commands) + "\ncomplete -c promster -f\n";
  for (const Command& command : commands) {
    text += "complete -c promster -n __promster_no_command -a " + command.name + " -d " +
            quoted(command.summary) + "\n";
  }
  for (const CommandOption& option : program_options()) {
    text += flag_line("__promster_no_command", completable(option));
  }
  for (const Command& command : commands) {
    for (const CompletableFlag& flag : completable_flags(command)) {
      text += flag_line(seen(command.name), flag);
    }
    text += word_lines(command);
  }
  for (const SettingSpec& spec : settings) {
    if (!spec.secret) text += flag_line("__promster_takes_settings", completable(spec));
  }
  return text;
}

}  // namespace promster
