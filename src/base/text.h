#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promster {

// Splits at every `separator`; "a,,b" gives three parts, "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

// Without the spaces, tabs and line ends at both ends.
std::string_view trim(std::string_view text);

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// True where the text has a control character (U+0000-U+001F, U+007F-U+009F, U+2028, U+2029).
// REQUIRES: is_utf8(text).
bool has_control(std::string_view text);

// The text as one printable line of at most `most` bytes, for logs and messages: control characters
// and bytes that are not UTF-8 as \xNN, backslash doubled, the rest cut with "...".
// REQUIRES: most >= 3.
std::string printable(std::string_view text, std::size_t most = 200);

// The candidate nearest to `word` by edit distance (Levenshtein), if near enough to be a slip.
std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace promster
