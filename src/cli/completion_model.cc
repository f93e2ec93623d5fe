#include "cli/completion_model.h"

#include "base/text.h"

namespace promster {
namespace {

Completable value_called(std::string_view name) {
  if (name.starts_with("FILE")) return {.kind = Completable::Kind::kFiles, .choices = {}};
  if (name.starts_with("DIR")) return {.kind = Completable::Kind::kDirectories, .choices = {}};
  return {.kind = Completable::Kind::kAnything, .choices = {}};
}

Completable one_of(std::vector<std::string> choices) {
  return {.kind = Completable::Kind::kChoices, .choices = std::move(choices)};
}

}  // namespace

CompletableFlag completable(const CommandOption& option) {
  CompletableFlag flag{.long_name = option.long_name().substr(2),
                       .short_name = option.short_name(),
                       .help = option.help,
                       .value_name = option.value_name(),
                       .value = {}};
  if (!flag.short_name.empty()) flag.short_name.erase(0, 1);
  if (option.kind == CommandOption::Kind::kFlag) return flag;
  flag.value = option.choices.empty() ? value_called(flag.value_name) : one_of(option.choices);
  return flag;
}

CompletableFlag completable(const SettingSpec& spec) {
  CompletableFlag flag{.long_name = std::string(spec.name),
                       .short_name = {},
                       .help = std::string(spec.help),
                       .value_name = std::string(spec.value),
                       .value = value_called(spec.value)};
  if (spec.on_or_off()) flag.value.kind = Completable::Kind::kOnOrOff;
  if (spec.choices.empty()) return flag;
  flag.value = one_of({});
  for (const std::string_view choice : split(spec.choices, ' ')) {
    flag.value.choices.emplace_back(choice);
  }
  return flag;
}

std::vector<CompletableFlag> completable_flags(const Command& command) {
  std::vector<CompletableFlag> flags;
  for (const CommandOption& option : command.options) flags.push_back(completable(option));
  flags.push_back(completable(program_options().front()));
  return flags;
}

Completable first_word(const Command& command) {
  if (!command.words.empty()) return one_of(command.words);
  return later_word(command);
}

Completable later_word(const Command& command) {
  using Kind = Completable::Kind;
  const auto takes = [&](const char* what) {
    return command.positionals.find(what) != std::string::npos;
  };
  if (takes("DIR")) return {.kind = Kind::kDirectories, .choices = {}};
  if (takes("FILE")) return {.kind = Kind::kFiles, .choices = {}};
  return {.kind = Kind::kNothing, .choices = {}};
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string all;
  for (const std::string& text : texts) all.append(all.empty() ? "" : separator).append(text);
  return all;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

}  // namespace promster
