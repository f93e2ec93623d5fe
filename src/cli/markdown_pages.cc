#include <cctype>

#include "cli/completion_model.h"
#include "cli/reference_page.h"
#include "cli/setting_groups.h"

namespace promster {
namespace {

constexpr const char* kMadeBy = "<!-- Made by: promster docs markdown docs/reference -->\n\n";

std::string cell(std::string_view text) {
  return replaced(replaced(std::string(text), "|", "\\|"), "<", "&lt;");
}

std::string code(std::string_view text) {
  if (text.empty()) return "";
  return "`" + replaced(std::string(text), "|", "\\|") + "`";
}

std::string row(const std::vector<std::string>& cells) {
  return "| " + joined(cells, " | ") + " |\n";
}

// `joined` leaves out what is before the first text, so that an empty first cell needs a dash.
std::string or_dash(const std::string& text) {
  return text.empty() ? "–" : text;
}

std::string sentence(const std::string& text) {
  std::string all = cell(text) + ".";
  all[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(all[0])));
  return all;
}

std::string options_table(const Command& command) {
  if (command.options.empty()) return "";
  std::string text = "\n| option | default | meaning |\n|---|---|---|\n";
  for (const CommandOption& option : command.options) {
    const std::string value = option.value_name().empty() ? "" : " " + option.value_name();
    const std::string short_name =
        option.short_name().empty() ? "" : code(option.short_name()) + " ";
    text += row({short_name + code(option.long_name() + value), or_dash(code(option.fallback)),
                 cell(option.help)});
  }
  return text;
}

std::string examples_part(const Command& command) {
  if (command.examples.empty()) return "";
  std::string text = "\n```sh reference\n";
  for (const CommandExample& example : command.examples) {
    text += "# " + example.does + "\n" + example.call + "\n";
  }
  return text + "```\n";
}

std::string exits_part(const Command& command) {
  std::vector<std::string> exits;
  for (const CommandExit& exit : exits_of(command)) {
    exits.push_back(std::to_string(exit.code) + " " + cell(exit.meaning));
  }
  return "\nExit codes: " + joined(exits, " · ") + ".\n";
}

std::string command_section(const Command& command) {
  std::string text = "\n## promster " + command.name + "\n\n" + sentence(command.summary) +
                     "\n\n```text\n" + usage_of(command) + "\n```\n";
  if (!command.about.empty()) text += "\n" + cell(command.about) + "\n";
  return text + options_table(command) + examples_part(command) + exits_part(command);
}

ReferencePage commands_page(std::span<const Command> commands) {
  std::string text =
      std::string(kMadeBy) +
      "# Commands\n\nWithout a command promster runs the agent. SETTINGS are those of\n"
      "[settings.md](settings.md). Errors read `promster: what; why; try: the mend`.\n"
      "\n| command | does |\n|---|---|\n";
  for (const Command& command : commands) {
    text +=
        row({"[`" + command.name + "`](#promster-" + command.name + ")", cell(command.summary)});
  }
  for (const Command& command : commands) text += command_section(command);
  return {.file = "commands.md", .text = text};
}

std::string setting_row(const SettingSpec& spec) {
  const std::string flag =
      spec.secret ? "" : code("--" + std::string(spec.name) + flag_value(spec));
  const std::string alias = spec.alias.empty() ? "" : code("--" + std::string(spec.alias));
  return row({or_dash(flag), code(spec.environment), or_dash(alias), or_dash(code(spec.fallback)),
              cell(spec.help)});
}

std::string rules_table() {
  std::string text =
      "\nAny number of rules, each by its variables:\n\n| environment | meaning |\n|---|---|\n";
  for (const RuleVariable& variable : rule_variables()) {
    text += row({code(variable.name), cell(variable.help)});
  }
  return text;
}

ReferencePage settings_page(std::span<const SettingSpec> settings) {
  std::string text =
      std::string(kMadeBy) + "# Settings\n\n" + cell(settings_rules()) +
      "\nThe file is YAML; its keys are the names of the flags without the leading `--`, such as "
      "`scrape.etcd-url: http://etcd:2379`. *Alias* is the flag of the original promster, accepted "
      "with one dash or two.\n";
  for (const SettingGroup& group : setting_groups(settings)) {
    text += "\n## " + std::string(group.title) +
            "\n\n| flag | environment | alias | default | meaning |\n|---|---|---|---|---|\n";
    for (const SettingSpec* spec : group.settings) text += setting_row(*spec);
    if (group.name == "rules") text += rules_table();
  }
  return {.file = "settings.md", .text = text};
}

}  // namespace

std::vector<ReferencePage> markdown_pages(std::span<const Command> commands,
                                          std::span<const SettingSpec> settings) {
  return {commands_page(commands), settings_page(settings)};
}

}  // namespace promster
