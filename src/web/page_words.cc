#include "web/page_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "web/html.h"

namespace promster {
namespace {

std::string clock_text(double unix_seconds, const char* format) {
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), format, &parts);
  return {text.data(), size};
}

}  // namespace

std::string_view tone_class(Tone tone) {
  constexpr std::array<std::string_view, 4> kClasses{"ok", "warn", "bad", "info"};
  return kClasses[static_cast<std::size_t>(tone)];
}

std::string_view tone_symbol(Tone tone) {
  constexpr std::array<std::string_view, 4> kSymbols{"\u2713", "!", "\u2717", "\u2022"};
  return kSymbols[static_cast<std::size_t>(tone)];
}

std::string count_text(std::size_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string counted(std::size_t count, std::string_view one) {
  return count_text(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

std::string fixed_text(double value, int digits) {
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string share_text(double value) {
  if (value < 100) return fixed_text(value, 1);
  return count_text(static_cast<std::size_t>(std::llround(value)));
}

// A sum of shares that is whole may be a little more than it is.
std::string fewest_text(double fewest) {
  return count_text(static_cast<std::size_t>(std::ceil(std::max(fewest, 0.0) - 1e-6)));
}

std::string seconds_text(double seconds) {
  if (seconds < 0.9995) return fixed_text(std::max(seconds, 0.0) * 1000, 0) + " ms";
  if (seconds < 9.95) {
    const bool whole_second = std::abs(seconds - std::round(seconds)) < 0.05;
    return fixed_text(seconds, whole_second ? 0 : 1) + " s";
  }
  const auto whole = static_cast<std::size_t>(std::lround(seconds));
  const auto two = [](std::size_t large, const char* unit, std::size_t small, const char* part) {
    return count_text(large) + unit + (small == 0 ? "" : " " + count_text(small) + part);
  };
  if (whole < 60) return count_text(whole) + " s";
  if (whole < 3600) return two(whole / 60, " min", whole % 60, " s");
  if (whole < 86400) return two(whole / 3600, " h", whole % 3600 / 60, " min");
  return two(whole / 86400, " d", whole % 86400 / 3600, " h");
}

std::string utc_text(double unix_seconds) {
  return clock_text(unix_seconds, "%Y-%m-%d %H:%M:%S");
}

std::string html_time(double unix_seconds) {
  if (unix_seconds <= 0) return "never";
  return element("time", {{"datetime", clock_text(unix_seconds, "%Y-%m-%dT%H:%M:%SZ")}},
                 utc_text(unix_seconds));
}

}  // namespace promster
