#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "base/version.h"
#include "cli/completion_model.h"
#include "cli/reference_page.h"
#include "cli/setting_groups.h"
#include "cli/wrapped_text.h"

namespace promster {
namespace {

constexpr const char* kAbout =
    "promster runs beside each Prometheus server. Through etcd it registers its node, finds its "
    "siblings and the targets, and takes its share of these; it writes the configuration, the "
    "recording rules and the targets, and has Prometheus load them. Servers above scrape those "
    "below by federation, so that a tree of them scales as one. Without a command it runs the "
    "agent.";
constexpr const char* kMadeFrom = ".\\\" Made by: promster docs man\n";

// Text of the source as roff shows it: nothing in it is a request, and its dashes can be copied.
std::string roff(std::string_view source) {
  std::string text = replaced(std::string(source), "\\", "\\e");
  text = replaced(std::move(text), "-", "\\-");
  text = replaced(std::move(text), "'", "\\(aq");
  return text.starts_with('.') ? "\\&" + text : text;
}

// A paragraph, in lines that a person can edit; none begins like a request.
std::string paragraph(std::string_view source) {
  const std::string lines = wrapped_text(source, 0, 72);
  std::string text;
  for (const std::string_view line : split(lines, '\n')) {
    if (!line.empty()) text += roff(line) + "\n";
  }
  return text;
}

// An argument of a request.
std::string argument(std::string_view source) {
  return "\"" + replaced(roff(source), "\"", "\\(dq") + "\"";
}

// The date stays open, so that the same version makes the same bytes.
std::string head(std::string name, int section) {
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
  return kMadeFrom + (".TH " + name + " " + std::to_string(section) + " \"\" ") +
         argument("promster " + std::string(kVersion)) +
         (section == 1 ? " \"User Commands\"\n" : " \"File Formats\"\n");
}

std::string section(std::string_view title) {
  return ".SH " + argument(title) + "\n";
}

std::string tagged(const std::string& tag, std::string_view text) {
  return ".TP\n" + tag + "\n" + paragraph(text);
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string bold_tag(std::string_view text) {
  return ".B " + argument(text);
}

std::string option_tag(const CommandOption& option) {
  const std::string both = option.short_name().empty() ? "" : bold(option.short_name()) + ", ";
  const std::string value = option.value_name();
  return both + bold(option.long_name()) + (value.empty() ? "" : " \\fI" + roff(value) + "\\fR");
}

std::string options_part(std::span<const CommandOption> options) {
  if (options.empty()) return "";
  std::string text = section("OPTIONS");
  for (const CommandOption& option : options) {
    const std::string fallback =
        option.fallback.empty() ? "" : " (default " + option.fallback + ")";
    text += tagged(option_tag(option), option.help + fallback);
  }
  return text;
}

std::string exits_part(const Command& command) {
  std::string text = section("EXIT STATUS");
  for (const CommandExit& exit : exits_of(command)) {
    text += tagged(bold_tag(std::to_string(exit.code)), exit.meaning);
  }
  return text;
}

std::string examples_part(const Command& command) {
  if (command.examples.empty()) return "";
  std::string text = section("EXAMPLES");
  for (const CommandExample& example : command.examples) {
    text += tagged(bold_tag(example.call), example.does);
  }
  return text;
}

ReferencePage command_page(const Command& command) {
  const std::string name = "promster-" + command.name;
  std::string text = head(name, 1) + section("NAME") + roff(name) + " \\- " +
                     roff(command.summary) + "\n" + section("SYNOPSIS") +
                     bold("promster " + command.name) +
                     roff(usage_of(command).substr(("promster " + command.name).size())) + "\n";
  if (!command.about.empty()) text += section("DESCRIPTION") + paragraph(command.about);
  text += options_part(command.options);
  if (command.takes_settings) {
    text +=
        section("SETTINGS") +
        paragraph(
            "Each setting can be given as a flag, as an environment variable or in a file; see") +
        ".BR promster\\-settings (5).\n";
  }
  text += examples_part(command) + exits_part(command);
  return {.file = name + ".1",
          .text = text + section("SEE ALSO") + ".BR promster (1),\n.BR promster\\-settings (5)\n"};
}

std::string files_part() {
  const auto file = [](const char* name, const char* what) {
    return tagged(".I " + argument(name), what);
  };
  return section("FILES") +
         file("/var/lib/promster/prometheus.yml", "the configuration written for Prometheus") +
         file("/var/lib/promster/rules.yml", "the recording rules") +
         file("/var/lib/promster/sd/targets.json", "the targets that this node scrapes");
}

ReferencePage program_page(std::span<const Command> commands) {
  std::string text = head("promster", 1) + section("NAME") +
                     "promster \\- shares scrape targets among Prometheus servers, through etcd\n" +
                     section("SYNOPSIS") +
                     "\\fBpromster\\fR [\\fICOMMAND\\fR] [\\fIOPTIONS\\fR] [\\fISETTINGS\\fR]\n" +
                     section("DESCRIPTION") + paragraph(kAbout) + section("COMMANDS");
  for (const Command& command : commands) {
    text += tagged(".BR " + roff("promster-" + command.name) + " (1)", command.summary);
  }
  return {.file = "promster.1",
          .text = text + options_part(program_options()) + files_part() + section("SEE ALSO") +
                  ".BR promster\\-settings (5),\n.BR prometheus (1),\n.BR promtool (1),\n"
                  ".BR etcd (1)\n"};
}

std::string setting_entry(const SettingSpec& spec) {
  const std::string value = flag_value(spec);
  std::string tag = bold(spec.environment);
  if (!spec.secret) {
    tag = bold("--" + std::string(spec.name)) +
          (value.empty() ? "" : "=\\fI" + roff(value.substr(1)) + "\\fR") + ", " + tag;
  }
  std::string text(spec.help);
  if (!spec.fallback.empty()) text += " (default " + std::string(spec.fallback) + ")";
  if (!spec.alias.empty()) text += "; the original's flag: --" + std::string(spec.alias);
  return tagged(tag, text);
}

ReferencePage settings_page(std::span<const SettingSpec> settings) {
  std::string text = head("promster-settings", 5) + section("NAME") +
                     "promster\\-settings \\- settings of promster: flags, variables, file\n" +
                     section("DESCRIPTION") + paragraph(settings_rules()) +
                     ".PP\nThe file is YAML; its keys are the names of the flags without\n"
                     "the leading \\-\\-, such as \"scrape.etcd-url: http://etcd:2379\".\n"
                     "The flags of the original promster are accepted with one dash or two.\n";
  for (const SettingGroup& group : setting_groups(settings)) {
    std::string title(group.title);
    std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
    text += section(title);
    for (const SettingSpec* spec : group.settings) text += setting_entry(*spec);
    if (group.name != "rules") continue;
    for (const RuleVariable& variable : rule_variables()) {
      text += tagged(bold_tag(variable.name), variable.help);
    }
  }
  return {.file = "promster-settings.5",
          .text = text + section("SEE ALSO") + ".BR promster (1),\n.BR promster\\-config (1)\n"};
}

}  // namespace

std::vector<ReferencePage> man_pages(std::span<const Command> commands,
                                     std::span<const SettingSpec> settings) {
  std::vector<ReferencePage> pages{program_page(commands)};
  for (const Command& command : commands) pages.push_back(command_page(command));
  pages.push_back(settings_page(settings));
  return pages;
}

}  // namespace promster
