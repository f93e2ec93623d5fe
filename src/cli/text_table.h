#pragma once

#include <string>
#include <string_view>
#include <vector>

// Columns of text for a terminal. Pure, any thread.
namespace promster {

// How many columns of a terminal the text takes: its code points, which is right for the scripts
// that names of nodes and targets are written in. REQUIRES: UTF-8 without control characters.
std::size_t display_width(std::string_view text);

// The text in exactly so many columns: filled with spaces, or cut with "…" at its end.
std::string fitted(std::string_view text, std::size_t width);

struct TextColumn {
  std::string title;
  bool right = false;  // numbers
};

// A line of titles and one for each row; the columns are as wide as they need, two spaces apart. A
// column in which no row says anything is left out. What is not printable is shown as it is by
// printable(). REQUIRES: each row has as many cells as there are columns.
std::vector<std::string> text_table(const std::vector<TextColumn>& columns,
                                    const std::vector<std::vector<std::string>>& rows);

}  // namespace promster
