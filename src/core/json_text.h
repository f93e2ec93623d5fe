#pragma once

#include <string>
#include <string_view>

namespace promster {

// The text as a JSON string, quotes included (RFC 8259, 7). Bytes that are not UTF-8 become U+FFFD.
// Pure, any thread.
std::string json_quote(std::string_view text);

}  // namespace promster
