#pragma once

#include <string>
#include <string_view>

// Letters of ASCII in upper and lower case, whatever the locale; other bytes stay as they are.
// Pure, any thread.
namespace promster {

constexpr char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string lower_ascii(std::string_view text);

// Whether both texts are the same but for the case of their letters.
bool equal_without_case(std::string_view a, std::string_view b);

}  // namespace promster
