#include "cli/text_table.h"

#include <algorithm>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::size_t kMostCell = 1000;
constexpr std::string_view kEllipsis = "…";

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

// The first `width` characters.
std::string_view first_of(std::string_view text, std::size_t width) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (starts_character(text[i]) && characters++ == width) return text.substr(0, i);
  }
  return text;
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width - std::min(width, display_width(text)), ' ');
  return right ? space + text : text + space;
}

std::string line_of(const std::vector<TextColumn>& columns, const std::vector<std::string>& cells,
                    const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (widths[i] == 0) continue;
    line += (line.empty() ? "" : "  ") + padded(cells[i], widths[i], columns[i].right);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

std::string fitted(std::string_view text, std::size_t width) {
  const std::size_t has = display_width(text);
  if (has <= width) return std::string(text) + std::string(width - has, ' ');
  if (width == 0) return "";
  return std::string(first_of(text, width - 1)) + std::string(kEllipsis);
}

std::vector<std::string> text_table(const std::vector<TextColumn>& columns,
                                    const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& row : rows) {
    auto& shown = cells.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      shown.push_back(printable(row[i], kMostCell));
      widths[i] = std::max(widths[i], display_width(shown[i]));
    }
  }
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    titles.push_back(columns[i].title);
    if (widths[i] > 0) widths[i] = std::max(widths[i], display_width(titles[i]));
  }
  std::vector<std::string> lines{line_of(columns, titles, widths)};
  for (const auto& row : cells) lines.push_back(line_of(columns, row, widths));
  return lines;
}

}  // namespace promster
