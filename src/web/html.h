#pragma once

#include <string>
#include <string_view>

namespace promster {

// Text from outside as HTML shows it, between tags or within a quoted attribute: one printable line
// of at most `most` bytes before escaping. Pure, any thread.
std::string html_text(std::string_view text, std::size_t most = 1000);

}  // namespace promster
