#include "cli/completion.h"
#include "cli/completion_model.h"

namespace promster {
namespace {

constexpr const char* kArguments = R"(  _arguments -C $settings $common \
    '(- *)--help-all[the same with all settings]' '(- *)--version[the version]' \
    '1: :->command' '*::: :->rest'
  case $state in
    command) _describe -t commands 'command' commands ;;
    rest)
      words=("$line[1]" "${words[@]}")
      (( CURRENT += 1 ))
      curcontext="${curcontext%:*:*}:promster-$line[1]:"
      case $line[1] in
)";

// Within single quotes, in a specification of _arguments or _describe.
std::string quoted(std::string text) {
  for (const char* special : {"\\", "[", "]", ":"}) {
    text = replaced(std::move(text), special, std::string("\\") + special);
  }
  return replaced(std::move(text), "'", "'\\''");
}

// What _arguments does in the place of a value.
std::string action(const Completable& value) {
  switch (value.kind) {
    case Completable::Kind::kFiles:
      return "_files";
    case Completable::Kind::kDirectories:
      return "_files -/";
    case Completable::Kind::kChoices:
      return "(" + joined(value.choices, " ") + ")";
    case Completable::Kind::kOnOrOff:
      return "(true false)";
    case Completable::Kind::kAnything:
    case Completable::Kind::kNothing:
      break;
  }
  return " ";
}

std::string specification(const CompletableFlag& flag) {
  const std::string help = "[" + quoted(flag.help) + "]";
  const std::string value = quoted(flag.value_name) + ":" + action(flag.value) + "'";
  const std::string name = "--" + flag.long_name;
  if (flag.value.kind == Completable::Kind::kNothing) return "'" + name + help + "'";
  if (flag.value.kind == Completable::Kind::kOnOrOff)
    return "'" + name + "=-" + help + "::" + value;
  const std::string with_long = "'" + name + "=" + help + ":" + value;
  return flag.short_name.empty() ? with_long
                                 : with_long + " '-" + flag.short_name + help + ":" + value;
}

std::string settings_list(std::span<const SettingSpec> settings) {
  std::string text = "  settings=(\n";
  for (const SettingSpec& spec : settings) {
    if (!spec.secret) text += "    " + specification(completable(spec)) + "\n";
  }
  return text + "  )\n";
}

std::string commands_list(std::span<const Command> commands) {
  std::string text = "  commands=(\n";
  for (const Command& command : commands) {
    text += "    '" + command.name + ":" + quoted(command.summary) + "'\n";
  }
  return text + "  )\n";
}

std::string word(const std::string& place, const Completable& word) {
  if (word.kind == Completable::Kind::kNothing) return "";
  return " '" + place + ": :" + action(word) + "'";
}

std::string command_case(const Command& command) {
  std::string text = "        " + command.name + ") _arguments $common";
  if (command.takes_settings) text += " $settings";
  for (const CommandOption& option : command.options) {
    text += " \\\n          " + specification(completable(option));
  }
  return text + word("1", first_word(command)) + word("*", later_word(command)) + " ;;\n";
}

}  // namespace

std::string zsh_completion(std::span<const Command> commands,
                           std::span<const SettingSpec> settings) {
  std::string text =
      "#compdef promster\n# zsh completion of promster; made by: promster completion zsh\n\n"
      "_promster() {\n"
      "  local curcontext=\"$curcontext\" state line\n"
      "  typeset -A opt_args\n"
      "  local -a commands settings common\n"
      "  common=('(- *)'{-h,--help}'[what this does]')\n" +
      settings_list(settings) + commands_list(commands) + kArguments;
  for (const Command& command : commands) text += command_case(command);
  return text +
         "      esac ;;\n  esac\n}\n\n"
         "if [ \"$funcstack[1]\" = _promster ]; then\n  _promster \"$@\"\nelse\n"
         "  compdef _promster promster\nfi\n";
}

}  // namespace promster
