#include "web/html.h"

#include "base/text.h"

namespace promster {

std::string html_text(std::string_view text, std::size_t most) {
  std::string html;
  for (const char c : printable(text, most)) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

}  // namespace promster
