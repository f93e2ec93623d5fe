#include "core/prometheus_url.h"

#include <charconv>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::string_view kHostCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
constexpr std::string_view kPathCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~/";

// "host", "host:port", "[v6]", "[v6]:port" -> host and port text.
bool split_authority(std::string_view text, std::string& host, std::string_view& port) {
  const bool bracket = text.starts_with('[');
  const std::size_t end = bracket ? text.find(']') : text.find(':');
  if (bracket && end == std::string_view::npos) return false;
  host = std::string(bracket ? text.substr(1, end - 1) : text.substr(0, end));
  const std::string_view rest =
      end == std::string_view::npos ? "" : text.substr(bracket ? end + 1 : end);
  if (!rest.empty() && (rest[0] != ':' || rest.size() == 1)) return false;
  port = rest.empty() ? rest : rest.substr(1);
  const std::string_view allowed = bracket ? "0123456789abcdefABCDEF:." : kHostCharacters;
  return !host.empty() && host.find_first_not_of(allowed) == std::string::npos;
}

bool read_port(std::string_view text, std::uint16_t& port) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc{} && end == text.data() + text.size() && port != 0;
}

}  // namespace

Result<PrometheusUrl> parse_prometheus_url(std::string_view text) {
  const Error malformed{"\"" + printable(text) +
                        "\" is no address of a Prometheus; write one like http://127.0.0.1:9090"};
  PrometheusUrl url;
  const std::size_t colon = text.find("://");
  url.scheme = std::string(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return malformed;
  std::string_view rest = text.substr(colon + 3);
  const std::size_t slash = rest.find('/');
  std::string_view path = slash == std::string_view::npos ? "" : rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  std::string_view port;
  if (!split_authority(rest.substr(0, slash), url.host, port)) return malformed;
  url.port = url.scheme == "https" ? 443 : 80;
  if (!port.empty() && !read_port(port, url.port)) return malformed;
  if (path.find_first_not_of(kPathCharacters) != std::string_view::npos) return malformed;
  url.path = std::string(path);
  const bool v6 = url.host.find(':') != std::string::npos;
  url.authority = (v6 ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
  return url;
}

}  // namespace promster
