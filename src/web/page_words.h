#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Numbers, times and states as people read them; plain text, not HTML, but for html_time(). Pure
// functions, any thread.
namespace promster {

// How good something is. Shown as a colour, a symbol and words, never as one of them alone.
enum class Tone { kOk, kWarn, kBad, kInfo };

// The class in ui/style.css: "ok", "warn", "bad", "info".
std::string_view tone_class(Tone tone);
// A sign that even lynx shows.
std::string_view tone_symbol(Tone tone);

// "100,000".
std::string count_text(std::size_t count);
// "1 target", "20 targets".
std::string counted(std::size_t count, std::string_view one);
// With so many digits behind the point.
std::string fixed_text(double value, int digits);
// A share of targets, which need not be whole: "4.0", "2,000".
std::string share_text(double value);
// The fewest targets that can move: whole ones, so rounded up.
std::string fewest_text(double fewest);
// "80 ms", "1.1 s", "3 min 20 s", "2 h 5 min".
std::string seconds_text(double seconds);

// "2026-11-18 11:09:02", in UTC.
std::string utc_text(double unix_seconds);
// <time>: to the second, in UTC; "never" where `unix_seconds` is 0.
std::string html_time(double unix_seconds);

}  // namespace promster
