#include <map>

#include "cli/completion.h"
#include "cli/completion_model.h"

namespace promster {
namespace {

constexpr const char* kHead = R"(# bash completion of promster; made by: promster completion bash

# Completes the value $3 of the flag $2 of the command $1; $4 is "=" where that stands between them.
# Fails where no value stands behind the flag.
_promster_value() {
  case $1:$2 in
)";

constexpr const char* kBody = R"(    *) return 1 ;;
  esac
}

_promster_choices() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }

_promster_paths() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

# Finds the command and the number of words behind it, among the words before the cursor.
_promster_command() {
  local i word
  command='' count=0
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -- ]]; then
      count=-1
      return
    elif [[ $word == -* ]]; then
      [[ ${COMP_WORDS[i + 1]} == = ]] && { ((i += 2)); continue; }
      _promster_value "$command" "$word" '' '' && ((i++))
    elif [[ -n $command ]]; then
      ((count++))
    elif [[ " $commands " == *" $word "* ]]; then
      command=$word
    fi
  done
}

# A value stands behind its flag, or behind "=", which bash makes a word of its own.
_promster() {
  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} flag='' equals=''
  local command count
)";

constexpr const char* kMiddle = R"(  _promster_command
  COMPREPLY=()
  if ((count < 0)); then
    compopt -o default 2>/dev/null
    return
  fi
  if [[ $cur == = ]]; then
    flag=$before equals== cur=''
  elif [[ $before == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 2]} equals==
  elif [[ $before == -* ]]; then
    flag=$before
  fi
  [[ -n $flag ]] && _promster_value "$command" "$flag" "$cur" "$equals" && return
  COMPREPLY=()
  if [[ $cur == -* ]]; then
    case $command in
)";

std::string values_line(const Completable& value) {
  switch (value.kind) {
    case Completable::Kind::kFiles:
      return "_promster_paths -f \"$3\"";
    case Completable::Kind::kDirectories:
      return "_promster_paths -d \"$3\"";
    case Completable::Kind::kChoices:
      return "_promster_choices '" + joined(value.choices, " ") + "' \"$3\"";
    case Completable::Kind::kOnOrOff:
      return "[[ $4 ]] && _promster_choices 'true false' \"$3\"";
    case Completable::Kind::kAnything:
    case Completable::Kind::kNothing:
      break;
  }
  return "COMPREPLY=()";
}

// One line of a case: the flags that have the same values.
using Cases = std::map<std::string, std::vector<std::string>>;

void add_case(const std::string& command, const CompletableFlag& flag, Cases& cases) {
  if (flag.value.kind == Completable::Kind::kNothing) return;
  std::vector<std::string>& patterns = cases[values_line(flag.value)];
  patterns.push_back(command + ":--" + flag.long_name);
  if (!flag.short_name.empty()) patterns.push_back(command + ":-" + flag.short_name);
}

std::string value_cases(std::span<const Command> commands, std::span<const SettingSpec> settings) {
  Cases cases;
  for (const SettingSpec& spec : settings) {
    if (!spec.secret) add_case("*", completable(spec), cases);
  }
  for (const Command& command : commands) {
    for (const CompletableFlag& flag : completable_flags(command)) {
      add_case(command.name, flag, cases);
    }
  }
  std::string text;
  for (const auto& [line, patterns] : cases) {
    text += "    " + joined(patterns, " | \\\n      ") + ")\n      " + line + " ;;\n";
  }
  return text;
}

std::string flags_of(std::span<const CompletableFlag> flags) {
  std::vector<std::string> names;
  for (const CompletableFlag& flag : flags) {
    if (!flag.short_name.empty()) names.push_back("-" + flag.short_name);
    names.push_back("--" + flag.long_name);
  }
  return joined(names, " ");
}

std::string flag_cases(std::span<const Command> commands) {
  std::vector<CompletableFlag> none;
  for (const CommandOption& option : program_options()) none.push_back(completable(option));
  std::string text =
      "      '') _promster_choices \"" + flags_of(none) + " $settings\" \"$cur\" ;;\n";
  for (const Command& command : commands) {
    text += "      " + command.name + ") _promster_choices \"" +
            flags_of(completable_flags(command)) + (command.takes_settings ? " $settings" : "") +
            "\" \"$cur\" ;;\n";
  }
  return text;
}

std::string word_case(const std::string& pattern, const Completable& word) {
  if (word.kind == Completable::Kind::kNothing) return "";
  return "    " + pattern + ") " + replaced(values_line(word), "$3", "$cur") + " ;;\n";
}

std::string word_cases(std::span<const Command> commands) {
  std::string text;
  for (const Command& command : commands) {
    text += word_case(command.name + ":0", first_word(command));
    text += word_case(command.name + ":*", later_word(command));
  }
  return text;
}

std::string lists(std::span<const Command> commands, std::span<const SettingSpec> settings) {
  std::vector<std::string> names, flags;
  for (const Command& command : commands) names.push_back(command.name);
  for (const SettingSpec& spec : settings) {
    if (!spec.secret) flags.push_back("--" + std::string(spec.name));
  }
  return "  local commands='" + joined(names, " ") + "'\n  local settings='" +
         joined(flags, "\n    ") + "'\n";
}

}  // namespace

std::string bash_completion(std::span<const Command> commands,
                            std::span<const SettingSpec> settings) {
  return kHead + value_cases(commands, settings) + kBody + lists(commands, settings) + kMiddle +
         flag_cases(commands) +
         "    esac\n    return\n  fi\n"
         "  case $command:$count in\n"
         "    :*) _promster_choices \"$commands\" \"$cur\" ;;\n" +
         word_cases(commands) + "  esac\n}\n\ncomplete -F _promster promster\n";
}

}  // namespace promster
