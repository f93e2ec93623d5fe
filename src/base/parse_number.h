#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace promster {

// The number that the whole text is, without sign (but a minus where the type has one) and spaces.
template <class Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace promster
