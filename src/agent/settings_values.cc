#include "agent/settings_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "core/address.h"
#include "core/cidr.h"
#include "core/prometheus_url.h"

namespace promster {
namespace {

Error wrong(std::string_view text, std::string_view why, std::string_view mend) {
  return Error{"\"" + printable(text) + "\" " + std::string(why) + "; try: " + std::string(mend)};
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

template <class T>
bool whole_text(std::string_view text, T& value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size();
}

// What has a user before its host is not shown: there may be a password.
bool names_user(std::string_view text) {
  return text.find('@') != std::string_view::npos;
}

constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "true", "True", "TRUE"};
constexpr std::array<std::string_view, 6> kFalse{"0", "f", "F", "false", "False", "FALSE"};

Result<std::string> read_endpoint(std::string_view text) {
  if (names_user(text)) {
    return Error{
        "an endpoint names a user; a password in a URL ends in logs; try: "
        "--etcd.username and --etcd.password-file"};
  }
  const std::size_t colon = text.find("://");
  const std::string scheme(colon == std::string_view::npos ? "http" : text.substr(0, colon));
  std::string_view authority = colon == std::string_view::npos ? text : text.substr(colon + 3);
  if (authority.ends_with('/')) authority.remove_suffix(1);
  const std::string whole = scheme + "://" + std::string(authority);
  const auto url = parse_prometheus_url(whole);
  if (!url || !url->path.empty()) {
    return wrong(text, "is no etcd endpoint", "http://etcd:2379");
  }
  if (url->authority != authority) {
    return wrong(text, "is an etcd endpoint without a port", whole + ":2379");
  }
  return whole;
}

// A duration, zero among them, or the word that stands for none.
Result<std::optional<Duration>> read_duration_or(std::string_view text, std::string_view word) {
  if (text == word) return std::optional<Duration>();
  const auto duration = parse_duration(text);
  if (!duration) return Error{duration.error().message + ", or " + std::string(word)};
  return std::optional(*duration);
}

}  // namespace

Result<bool> read_bool(std::string_view text) {
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return wrong(text, "is neither true nor false", "true");
}

Result<Duration> read_duration(std::string_view text) {
  if (all_digits(text) && text.find_first_not_of('0') != std::string_view::npos) {
    return wrong(text, "is a duration without a unit", std::string(text) + "s");
  }
  const auto duration = parse_duration(text);
  if (!duration) return wrong(text, "is no duration", "30s, 1m30s or 1h");
  if (*duration <= Duration(0)) return wrong(text, "is too short; it must be above zero", "30s");
  return *duration;
}

Result<std::optional<Duration>> read_auto_duration(std::string_view text) {
  return read_duration_or(text, "auto");
}

Result<std::optional<Duration>> read_endless_duration(std::string_view text) {
  return read_duration_or(text, "inf");
}

Result<Duration> read_ttl(std::string_view text) {
  const auto ttl = read_duration(all_digits(text) ? std::string(text) + "s" : std::string(text));
  if (!ttl) return wrong(text, "is no time to live", "10s");
  if (ttl->count() % 1000 != 0) {
    return wrong(text, "is not in whole seconds; etcd counts leases in seconds", "10s");
  }
  return *ttl;
}

Result<std::int64_t> read_number(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  if (!whole_text(text, value)) return wrong(text, "is no whole number", range);
  if (value < least || value > most) return wrong(text, "is out of range", range);
  return value;
}

Result<double> read_ratio(std::string_view text) {
  double value = 0;
  if (!whole_text(text, value) || !std::isfinite(value)) return wrong(text, "is no number", "0.1");
  if (value < 0) return wrong(text, "is below 0", "0.1");
  return value;
}

std::vector<std::string> read_items(std::string_view text) {
  std::vector<std::string> items;
  for (const std::string_view item : split(text, ',')) items.emplace_back(trim(item));
  return items;
}

Result<std::vector<std::string>> read_words(std::string_view text) {
  std::vector<std::string> words;
  char quote = 0;
  bool in_word = false;
  for (const char c : text) {
    if (quote != 0 ? c == quote : c == '"' || c == '\'') {
      quote = quote == 0 ? c : 0;
      if (!in_word) words.emplace_back();
      in_word = true;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
    } else {
      if (!in_word) words.emplace_back();
      in_word = true;
      words.back() += c;
    }
  }
  if (quote != 0) return wrong(text, "has a quote that is never closed", "close it");
  return words;
}

std::string join_words(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    const char* quote = word.find('"') == std::string::npos ? "\"" : "'";
    const bool plain = !word.empty() && word.find_first_of(" \t\n\"'") == std::string::npos;
    text += plain ? word : quote + word + quote;
  }
  return text;
}

Result<std::string> read_address(std::string_view text) {
  if (!parse_address(text)) return wrong(text, "is no address with a port", "10.0.0.1:9090");
  return std::string(text);
}

Result<std::string> read_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const bool any_port = colon != std::string_view::npos && text.substr(colon) == ":0";
  const std::string host(text.substr(0, colon));
  const std::string probe = (host.empty() ? "localhost" : host) +
                            (any_port                          ? ":1"
                             : colon == std::string_view::npos ? ""
                                                               : std::string(text.substr(colon)));
  if (!read_address(probe))
    return wrong(text, "is nothing to listen on", ":9096 or 127.0.0.1:9096");
  return std::string(text);
}

Result<std::string> read_url(std::string_view text) {
  if (names_user(text)) {
    return Error{"a URL names a user; a password in a URL ends in logs; try: leave the user out"};
  }
  if (!parse_prometheus_url(text)) return wrong(text, "is no URL", "http://127.0.0.1:9090");
  return std::string(text.substr(0, text.find_last_not_of('/') + 1));
}

Result<std::vector<std::string>> read_endpoints(std::string_view text) {
  std::vector<std::string> endpoints;
  for (const std::string& item : read_items(text)) {
    if (item.empty()) continue;
    auto endpoint = read_endpoint(item);
    if (!endpoint) return endpoint.error();
    if (std::ranges::find(endpoints, *endpoint) == endpoints.end()) endpoints.push_back(*endpoint);
  }
  if (endpoints.empty()) return wrong(text, "holds no endpoint", "http://etcd:2379");
  return endpoints;
}

Result<std::vector<std::string>> read_cidrs(std::string_view text) {
  std::vector<std::string> cidrs;
  for (const std::string& item : read_items(text)) {
    if (item.empty()) continue;
    if (const auto range = parse_cidr(item); !range) return range.error();
    cidrs.push_back(item);
  }
  return cidrs;
}

Result<std::string> read_line(std::string_view text) {
  if (!is_utf8(text)) return wrong(text, "is not UTF-8", "plain text");
  if (has_control(text)) return wrong(text, "has a control character in it", "text on one line");
  return std::string(text);
}

}  // namespace promster
