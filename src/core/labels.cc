#include "core/labels.h"

#include <algorithm>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::size_t kMostValueBytes = 256;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// `extra` is a further character that may stand anywhere in the name.
bool is_name(std::string_view name, char extra) {
  const auto starts = [extra](char c) { return is_letter(c) || c == extra; };
  return !name.empty() && starts(name[0]) &&
         std::ranges::all_of(name, [&](char c) { return starts(c) || is_digit(c); });
}

Result<void> check_value(std::string_view value) {
  if (value.size() > kMostValueBytes) {
    return Error{"the value has " + std::to_string(value.size()) + " bytes; at most " +
                 std::to_string(kMostValueBytes) + " are allowed"};
  }
  if (!is_utf8(value)) return Error{"the value is not UTF-8: \"" + printable(value) + "\""};
  if (has_control(value)) {
    return Error{"the value has a control character: \"" + printable(value) + "\""};
  }
  return {};
}

Result<void> check_name(std::string_view name) {
  if (!is_label_name(name)) {
    return Error{"not a label name: use letters, digits and _, and no digit at the front"};
  }
  if (name.starts_with("__")) return Error{"names that start with __ are Prometheus's own"};
  if (name == "job" || name == "instance") return Error{"Prometheus sets this label itself"};
  return {};
}

}  // namespace

Labels::Labels(std::initializer_list<Pair> pairs) {
  for (const Pair& pair : pairs) set(pair.first, pair.second);
}

void Labels::set(std::string name, std::string value) {
  const auto at = std::ranges::lower_bound(pairs_, name, {}, &Pair::first);
  if (at != pairs_.end() && at->first == name) {
    at->second = std::move(value);
  } else {
    pairs_.emplace(at, std::move(name), std::move(value));
  }
}

const std::string* Labels::find(std::string_view name) const {
  const auto at = std::ranges::lower_bound(pairs_, name, {}, &Pair::first);
  return at != pairs_.end() && at->first == name ? &at->second : nullptr;
}

bool is_label_name(std::string_view name) {
  return is_name(name, '_');
}

bool is_metric_name(std::string_view name) {
  return is_name(name, ':');
}

Result<void> check_target_label(std::string_view name, std::string_view value) {
  Result<void> checked = check_name(name);
  if (checked) checked = check_value(value);
  if (checked) return checked;
  return checked.error().within("label \"" + printable(name) + "\"");
}

}  // namespace promster
