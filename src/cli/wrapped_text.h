#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace promster {

// The words of `text` in lines of at most `width` columns, each behind `indent` spaces, each ended.
// Pure.
std::string wrapped_text(std::string_view text, std::size_t indent, std::size_t width = 96);

// The same with `term` before the text, which starts in column `indent`; a longer term has a line
// of its own.
std::string wrapped_entry(std::string_view term, std::string_view text, std::size_t indent);

}  // namespace promster
