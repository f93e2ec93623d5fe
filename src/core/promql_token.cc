#include "core/promql_token.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"

namespace promster {
namespace {

using Kind = PromqlToken::Kind;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

template <class Predicate>
std::size_t run_length(std::string_view text, Predicate is_part) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_part) - text.begin());
}

// The length of the spaces and comments at the front.
std::size_t blank_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    if (is_space(text[length])) {
      ++length;
    } else if (text[length] == '#') {
      length = std::min(text.find_first_of("\r\n", length), text.size());
    } else {
      break;
    }
  }
  return length;
}

// The length of the string at the front, with its quotes; nullopt where it does not end.
std::optional<std::size_t> string_length(std::string_view text) {
  const char quote = text[0];
  const bool raw = quote == '`';
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) return i + 1;
    if (raw) continue;
    if (text[i] == '\\') ++i;
    if (i < text.size() && text[i] == '\n') return std::nullopt;
  }
  return std::nullopt;
}

// The length of everything at the front that could belong to a number or a duration. In `0x1e+5`
// the sign is an operator, in `1e+5` it is not.
std::size_t number_length(std::string_view text) {
  const bool hex = text.size() > 1 && text[0] == '0' && lower(text[1]) == 'x';
  std::size_t length = 0;
  while (length < text.size()) {
    const char c = text[length];
    const bool sign =
        (c == '+' || c == '-') && length > 0 && !hex && lower(text[length - 1]) == 'e';
    if (!is_digit(c) && !is_alpha(c) && c != '.' && !sign) break;
    ++length;
  }
  return length;
}

// One or more of digits and a unit. Which units may follow which is for parse_duration to say.
bool is_duration(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    const std::size_t digits = run_length(text, is_digit);
    const std::size_t unit = run_length(text.substr(digits), is_alpha);
    if (digits == 0 || unit == 0) return false;
    const std::string_view name = text.substr(digits, unit);
    if (name != "ms" && (unit > 1 || std::string_view("smhdwy").find(name) == name.npos)) {
      return false;
    }
    text.remove_prefix(digits + unit);
  }
  return true;
}

bool is_number(std::string_view text) {
  const auto is_part = [](char c) { return is_digit(c) || c == '.' || c == '_'; };
  if (text.size() > 2 && text[0] == '0' && lower(text[1]) == 'x') {
    return std::ranges::all_of(text.substr(2), [](char c) {
      return is_digit(c) || c == '_' || (lower(c) >= 'a' && lower(c) <= 'f');
    });
  }
  const std::size_t mantissa = run_length(text, is_part);
  if (mantissa == text.size()) return true;
  if (lower(text[mantissa]) != 'e') return false;
  std::string_view exponent = text.substr(mantissa + 1);
  if (!exponent.empty() && !is_digit(exponent[0])) exponent.remove_prefix(1);
  return !exponent.empty() && std::ranges::all_of(exponent, is_digit);
}

std::size_t symbol_length(std::string_view text) {
  for (const std::string_view two : {"==", "!=", "=~", "!~", "<=", ">="}) {
    if (text.starts_with(two)) return 2;
  }
  return std::string_view("(){}[],+-*/%^<>=@:").find(text[0]) == std::string_view::npos ? 0 : 1;
}

Error fault(std::size_t at, std::string_view what) {
  return Error{"at byte " + std::to_string(at) + ": " + std::string(what)};
}

Result<PromqlToken> number_token(std::string_view rest, std::size_t at) {
  const std::string_view text = rest.substr(0, number_length(rest));
  if (is_duration(text)) return PromqlToken{Kind::kDuration, text, at};
  if (is_number(text)) return PromqlToken{Kind::kNumber, text, at};
  return fault(at, "neither a number nor a duration");
}

Result<PromqlToken> string_token(std::string_view rest, std::size_t at) {
  const auto length = string_length(rest);
  if (!length) return fault(at, "a string without an end");
  return PromqlToken{Kind::kString, rest.substr(0, *length), at};
}

// REQUIRES: rest is not empty. Inside square brackets a colon is a symbol (`[1h:5m]`), elsewhere
// part of a name.
Result<PromqlToken> next_token(std::string_view rest, std::size_t at, bool in_brackets) {
  const char c = rest[0];
  if (is_digit(c) || (c == '.' && rest.size() > 1 && is_digit(rest[1]))) {
    return number_token(rest, at);
  }
  if (c == '"' || c == '\'' || c == '`') return string_token(rest, at);
  if (is_alpha(c) || (c == ':' && !in_brackets)) {
    const auto is_part = [](char p) { return is_alpha(p) || is_digit(p) || p == ':'; };
    return PromqlToken{Kind::kWord, rest.substr(0, run_length(rest, is_part)), at};
  }
  const std::size_t length = symbol_length(rest);
  if (length == 0) return fault(at, "a character that has no meaning here");
  return PromqlToken{Kind::kSymbol, rest.substr(0, length), at};
}

}  // namespace

bool PromqlToken::is_keyword(std::string_view keyword) const {
  return kind == Kind::kWord && std::ranges::equal(text, keyword, {}, lower);
}

Result<std::vector<PromqlToken>> promql_tokens(std::string_view expr) {
  if (!is_utf8(expr)) return Error{"not UTF-8"};
  std::vector<PromqlToken> tokens;
  bool in_brackets = false;
  for (std::size_t at = blank_length(expr); at < expr.size();) {
    const auto token = next_token(expr.substr(at), at, in_brackets);
    if (!token) return token.error();
    if (token->is_symbol("[")) in_brackets = true;
    if (token->is_symbol("]")) in_brackets = false;
    tokens.push_back(*token);
    at = token->end() + blank_length(expr.substr(token->end()));
  }
  return tokens;
}

}  // namespace promster
