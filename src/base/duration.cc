#include "base/duration.h"

#include <array>
#include <cctype>
#include <cstdint>
#include <limits>

namespace promster {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
  bool only_exact;  // printed only where it divides the whole
};

constexpr std::array<Unit, 7> kUnits{{{"y", 365LL * 86'400'000, true},
                                      {"w", 7LL * 86'400'000, true},
                                      {"d", 86'400'000, false},
                                      {"h", 3'600'000, false},
                                      {"m", 60'000, false},
                                      {"s", 1'000, false},
                                      {"ms", 1, false}}};

Error malformed(std::string_view text) {
  return Error{"\"" + std::string(text) + "\" is no duration; write one like 30s, 1m30s or 1h"};
}

// The number at the front of `rest`, which it takes off; -1 where there is none or it is too big.
std::int64_t take_number(std::string_view& rest) {
  std::int64_t number = 0;
  std::size_t digits = 0;
  while (digits < rest.size() && std::isdigit(static_cast<unsigned char>(rest[digits])) != 0) {
    if (number > std::numeric_limits<std::int64_t>::max() / 100) return -1;
    number = number * 10 + (rest[digits++] - '0');
  }
  rest.remove_prefix(digits);
  return digits == 0 ? -1 : number;
}

std::string_view take_letters(std::string_view& rest) {
  std::size_t letters = 0;
  while (letters < rest.size() && std::isalpha(static_cast<unsigned char>(rest[letters])) != 0) {
    ++letters;
  }
  const std::string_view name = rest.substr(0, letters);
  rest.remove_prefix(letters);
  return name;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  if (text == "0") return Duration(0);
  if (text.empty()) return malformed(text);
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::int64_t number = take_number(rest);
    const std::string_view name = take_letters(rest);
    while (next_unit < kUnits.size() && kUnits[next_unit].name != name) ++next_unit;
    if (number < 0 || next_unit == kUnits.size()) return malformed(text);
    std::int64_t part = 0;
    if (__builtin_mul_overflow(number, kUnits[next_unit].milliseconds, &part) ||
        __builtin_add_overflow(total, part, &total) || total > 292LL * kUnits[0].milliseconds) {
      return Error{"\"" + std::string(text) + "\" is longer than a duration can be (292y)"};
    }
    ++next_unit;
  }
  return Duration(total);
}

std::string format_duration(Duration duration) {
  std::int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string out;
  for (const Unit& unit : kUnits) {
    if (unit.only_exact && left % unit.milliseconds != 0) continue;
    if (left >= unit.milliseconds) {
      out += std::to_string(left / unit.milliseconds);
      out += unit.name;
      left %= unit.milliseconds;
    }
  }
  return out;
}

}  // namespace promster
