#include "web/html.h"

#include "base/text.h"

namespace promster {
namespace {

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
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

// As it is, since it comes back by a form or a link; what XML does not allow is left out.
std::string attribute_text(std::string_view value) {
  if (!is_utf8(value)) return printable(value, 4000);
  std::string text;
  for (const char c : value) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) text += c;
  }
  return text;
}

std::string opening(std::string_view name, HtmlAttributes attributes) {
  std::string html = "<" + std::string(name);
  for (const auto& [attribute, value] : attributes) {
    if (value.empty()) continue;
    html += " " + std::string(attribute) + "=\"" + escaped(attribute_text(value)) + "\"";
  }
  return html;
}

}  // namespace

std::string html_text(std::string_view text, std::size_t most) {
  return escaped(printable(text, most));
}

std::string html_lines(std::string_view text, std::size_t most) {
  std::string html;
  for (const std::string_view line : split(text.substr(0, most), '\n')) {
    html += escaped(printable(line, most)) + "\n";
  }
  html.pop_back();
  return text.size() > most ? html + "\n..." : html;
}

std::string element(std::string_view name, HtmlAttributes attributes, std::string_view content) {
  return opening(name, attributes) + ">" + std::string(content) + "</" + std::string(name) + ">";
}

std::string void_element(std::string_view name, HtmlAttributes attributes) {
  return opening(name, attributes) + " />";
}

std::string url_value(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string result;
  for (const char c : text) {
    if (kPlain.find(c) != kPlain.npos) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return result;
}

}  // namespace promster
