#include "cli/settings_help.h"

#include <string_view>
#include <vector>

#include "agent/setting_table.h"
#include "base/text.h"

namespace promster {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kTextIndent = 10;
constexpr std::size_t kWidth = 96;

// The words of `text`, in lines of at most kWidth.
std::string wrapped(std::string_view text) {
  const std::string margin(kTextIndent, ' ');
  std::string lines = margin;
  std::size_t column = kTextIndent;
  for (const std::string_view word : split(text, ' ')) {
    if (column > kTextIndent && column + 1 + word.size() > kWidth) {
      lines += "\n" + margin;
      column = kTextIndent;
    }
    if (column > kTextIndent) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines + "\n";
}

std::string_view group_of(const SettingSpec& spec) {
  return spec.name.substr(0, spec.name.find('.'));
}

std::string entry(const SettingSpec& spec) {
  const std::string value = !spec.on_or_off()         ? "=" + std::string(spec.value)
                            : spec.fallback == "true" ? "=false"
                                                      : "";
  const std::string flag = spec.secret ? "" : "--" + std::string(spec.name) + value + ", ";
  const std::string fallback =
      spec.fallback.empty() ? "" : " (default " + std::string(spec.fallback) + ")";
  return std::string(kIndent, ' ') + flag + std::string(spec.environment) + "\n" +
         wrapped(std::string(spec.help) + fallback);
}

std::string compatibility() {
  std::string text = "\n  compatibility: flags of the original promster, with one dash or two\n";
  for (const SettingSpec& spec : setting_table()) {
    if (spec.alias.empty()) continue;
    text += std::string(kIndent, ' ') + "--" + std::string(spec.alias);
    text += " is --" + std::string(spec.name) + "\n";
  }
  return text;
}

}  // namespace

std::string settings_help() {
  std::string text =
      "Settings: a flag goes before its variable, that before --config.file, that before the\n"
      "default. A variable without a value counts as not set. Durations are written 30s, 1m30s.\n";
  std::string_view group;
  for (const SettingSpec& spec : setting_table()) {
    if (group_of(spec) != group) {
      group = group_of(spec);
      text += "\n  " + std::string(group) + "\n";
    }
    text += entry(spec);
  }
  text += "\n  recording rules\n    RECORD_RULE_<n>_NAME, _EXPR, _LABELS, _GUARD\n" +
          wrapped(
              "the n-th rule: its name, its expression, labels as name:value,name:value, and "
              "whether it leaves out targets that another node owns");
  return text + compatibility();
}

}  // namespace promster
