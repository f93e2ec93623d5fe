#include "cli/wrapped_text.h"

#include "base/text.h"

namespace promster {

std::string wrapped_text(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string margin(indent, ' ');
  std::string lines = margin;
  std::size_t column = indent;
  for (const std::string_view word : split(text, ' ')) {
    if (column > indent && column + 1 + word.size() > width) {
      lines += "\n" + margin;
      column = indent;
    }
    if (column > indent) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines + "\n";
}

std::string wrapped_entry(std::string_view term, std::string_view text, std::size_t indent) {
  const std::string lines = wrapped_text(text, indent);
  if (term.size() + 2 > indent) return std::string(term) + "\n" + lines;
  return std::string(term) + lines.substr(term.size());
}

}  // namespace promster
