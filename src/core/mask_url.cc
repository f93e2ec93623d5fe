#include "core/mask_url.h"

#include <algorithm>
#include <cstddef>

namespace promster {
namespace {

using Text = std::string_view;

constexpr Text kMask = "<secret>";
constexpr Text kColon = "://";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 3986, section 3.1.
bool is_of_scheme(char c) {
  return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.';
}

// Where a port ends, if one begins the text: "9090/x".
bool starts_with_port(Text text) {
  const std::size_t end = text.find_first_of("/?#");
  const Text port = text.substr(0, end);
  return !port.empty() && end != Text::npos && port.find_first_not_of("0123456789") == Text::npos;
}

// What is before the query of a URL (RFC 3986, section 2) and hardly in a regular expression.
bool may_have_query(Text before) {
  if (before.ends_with('*') || before.ends_with('+')) return false;  // ".*?"
  return std::ranges::all_of(before, [](char c) {
    return is_letter_or_digit(c) || Text("-._~:/@%[]!$&'*+,;=<>").find(c) != Text::npos;
  });
}

// What relabelling puts there: "$1", "${1}".
bool is_reference(Text text) {
  if (!text.starts_with('$')) return false;
  text.remove_prefix(1);
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  return !text.empty() && text.find_first_not_of("0123456789") == Text::npos;
}

// The text behind "://" that is still the URL: to a blank, or to the quote before its scheme.
Text rest_of_url(Text before, Text after) {
  while (!before.empty() && is_of_scheme(before.back())) before.remove_suffix(1);
  const char quote = before.empty() ? ' ' : before.back();
  const bool quoted = quote == '"' || quote == '\'';
  return after.substr(0, after.find_first_of(std::string(" \t\n\r") + (quoted ? quote : ' ')));
}

// A password with a slash in it is none that a URL may have, and a slip that is made.
std::string without_password(Text rest) {
  const std::size_t colon = rest.find(':'), at = rest.rfind('@');
  const bool user = at != Text::npos && colon < at && rest.find_first_of("/?#[") > colon;
  if (!user || starts_with_port(rest.substr(colon + 1))) return std::string(rest);
  const Text password = rest.substr(colon + 1, at - colon - 1);
  if (is_reference(password.substr(0, password.find_first_of("/?#")))) return std::string(rest);
  return std::string(rest.substr(0, colon + 1)).append(kMask).append(rest.substr(at));
}

std::string without_query(const std::string& rest) {
  const std::size_t query = rest.find('?');
  if (query == rest.npos || query + 1 == rest.size()) return rest;
  if (!may_have_query(Text(rest).substr(0, query))) return rest;
  std::string shown = rest.substr(0, query + 1);
  for (std::size_t at = query + 1; at <= rest.size();) {
    const std::size_t end = std::min(rest.find('&', at), rest.size());
    // Without a name all of it is a value.
    shown.append(rest, at, Text(rest).substr(at, end - at).find('=') + 1);
    if (end > at) shown.append(kMask);
    if (end < rest.size()) shown += '&';
    at = end + 1;
  }
  return shown;
}

}  // namespace

std::string mask_urls(Text text) {
  std::string shown;
  for (std::size_t at = text.find(kColon); at != Text::npos; at = text.find(kColon)) {
    const Text before = text.substr(0, at);
    shown += text.substr(0, at + kColon.size());
    text.remove_prefix(at + kColon.size());
    if (before.empty() || !is_letter_or_digit(before.back())) continue;
    const Text rest = rest_of_url(before, text);
    shown += without_query(without_password(rest));
    text.remove_prefix(rest.size());
  }
  return shown.append(text);
}

}  // namespace promster
