#include "agent/settings_flags.h"

#include <optional>
#include <string_view>

#include "agent/setting_table.h"
#include "agent/settings_values.h"

namespace promster {
namespace {

// "-x=v" or "--x=v" taken apart.
struct Written {
  std::string_view name;
  std::optional<std::string_view> value;
};

// Nothing where the argument is no flag of more than one letter.
std::optional<Written> take_apart(std::string_view argument) {
  if (!argument.starts_with('-')) return std::nullopt;
  argument.remove_prefix(argument.starts_with("--") ? 2 : 1);
  if (argument.size() < 2) return std::nullopt;
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return Written{argument, std::nullopt};
  return Written{argument.substr(0, equals), argument.substr(equals + 1)};
}

// The value of a flag that was written without "=". `next` is the argument behind it, if any.
struct Value {
  std::optional<std::string> text;
  bool took_next = false;
};

Value value_of(const SettingSpec& spec, const std::string* next) {
  if (!spec.on_or_off()) {
    if (next == nullptr) return {};
    return {.text = *next, .took_next = true};
  }
  if (next != nullptr && read_bool(*next)) return {.text = *next, .took_next = true};
  return {.text = "true", .took_next = false};
}

}  // namespace

TakenFlags take_setting_flags(std::span<const std::string> arguments) {
  TakenFlags taken;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto written = take_apart(arguments[i]);
    const SettingSpec* spec = written ? find_setting(written->name) : nullptr;
    if (arguments[i] == "--") {
      taken.rest.insert(taken.rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i),
                        arguments.end());
      break;
    }
    if (spec == nullptr) {
      taken.rest.push_back(arguments[i]);
      continue;
    }
    const std::string spelling = "--" + std::string(written->name);
    const std::string* next = i + 1 < arguments.size() ? &arguments[i + 1] : nullptr;
    const Value value =
        written->value ? Value{.text = std::string(*written->value)} : value_of(*spec, next);
    if (value.took_next) ++i;
    if (spec->secret) {
      taken.errors.push_back(spelling +
                             " would show a secret to every user of this machine; try: " +
                             std::string(spec->environment) + ", or " + spelling + "-file");
    } else if (!value.text) {
      taken.errors.push_back(spelling + " has no value; try: " + spelling + "=" +
                             std::string(spec->value));
    } else {
      taken.flags.push_back({std::string(spec->name), spelling, *value.text});
    }
  }
  return taken;
}

}  // namespace promster
