#pragma once

#include <string>
#include <string_view>

namespace promster {

// Everything but RFC 3986's unreserved characters as %XX. Pure, any thread.
std::string percent_encoded(std::string_view text);

}  // namespace promster
