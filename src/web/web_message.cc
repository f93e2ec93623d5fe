#include "web/web_message.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <utility>

#include "base/ascii_case.h"

namespace promster {
namespace {

// What a page of ours may load: itself, from here. Nothing inline, nothing framed.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSafety{{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
}};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower_ascii(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

enum class Plus { kIsPlus, kIsSpace };

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus == Plus::kIsSpace) c = ' ';
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    decoded.push_back(c);
  }
  return decoded;
}

bool parse_query(std::string_view text, std::map<std::string, std::string>& query) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decoded(pair.substr(0, equals), Plus::kIsSpace);
    auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), Plus::kIsSpace);
    if (!name || !value) return false;
    query.emplace(std::move(*name), std::move(*value));
  }
  return true;
}

// "http://host/path" is "/path" to us. A proxy may send it.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_without_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t end = target.find_first_of("/?", scheme.size());
    return end == target.npos ? "/" : target.substr(end);
  }
  return target;
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  std::ranges::copy_if(value, std::back_inserter(head),
                       [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
  head.append("\r\n");
}

// RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::time_t now) {
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

}  // namespace

bool has_header(const WebResponse& response, std::string_view name) {
  return std::ranges::any_of(response.headers, [name](const auto& header) {
    return equal_without_case(header.first, name);
  });
}

const std::string* WebRequest::header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [name](const auto& entry) { return equal_without_case(entry.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

std::string_view reason_phrase(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 21> kPhrases{{
      {200, "OK"},
      {204, "No Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {421, "Misdirected Request"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
  }};
  const auto found = std::ranges::find(kPhrases, status, &std::pair<int, std::string_view>::first);
  return found == kPhrases.end() ? "Unknown" : found->second;
}

WebResponse answer_later(std::function<WebResponse()> work) {
  WebResponse response;
  response.later = std::move(work);
  return response;
}

WebResponse ask_others(std::function<WebResponse()> work) {
  WebResponse response = answer_later(std::move(work));
  response.asks_others = true;
  return response;
}

WebResponse settled(WebResponse response) {
  const auto done = std::move(response.done);
  if (response.later) response = response.later();
  if (done) done(response.status);
  return response;
}

WebResponse plain_answer(int status) {
  WebResponse response;
  response.status = status;
  response.body = std::to_string(status) + " " + std::string(reason_phrase(status)) + "\n";
  return response;
}

bool parse_request_target(std::string_view target, WebRequest& request) {
  target = without_authority(target);
  target = target.substr(0, target.find('#'));
  const std::size_t question = std::min(target.find('?'), target.size());
  auto path = percent_decoded(target.substr(0, question), Plus::kIsPlus);
  if (!path) return false;
  if (path->empty() && question < target.size()) *path = "/";
  if (!path->starts_with('/') && *path != "*") return false;
  request.path = std::move(*path);
  return parse_query(target.substr(std::min(question + 1, target.size())), request.query);
}

std::string render_head(const WebResponse& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason_phrase(response.status)).append("\r\n");
  append_header(head, "Date", http_date(std::time(nullptr)));
  if (!response.content_type.empty()) append_header(head, "Content-Type", response.content_type);
  // RFC 9110, 8.6: not in an answer that can have no content, nor the length of none in a 304.
  // Events end with their connection.
  if (response.status != 204 && response.status != 304 && !response.events) {
    append_header(head, "Content-Length", std::to_string(response.body.size()));
  }
  append_header(head, "Connection", keep_alive ? "keep-alive" : "close");
  for (const auto& [name, value] : kSafety) {
    if (!has_header(response, name)) append_header(head, name, value);
  }
  for (const auto& [name, value] : response.headers) append_header(head, name, value);
  return head.append("\r\n");
}

}  // namespace promster
