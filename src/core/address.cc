#include "core/address.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::size_t kMostAddress = 260;
constexpr std::size_t kMostName = 253;
constexpr std::size_t kMostNameLabel = 63;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name_char(char c) {
  return is_digit(c) || is_letter(c) || c == '-' || c == '_';
}

Error wrong(std::string_view text, std::string_view what) {
  return Error{"\"" + printable(text) + "\" " + std::string(what)};
}

// 0 where it is no port.
std::uint16_t port_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 5 || digits[0] == '0') return 0;
  if (!std::ranges::all_of(digits, is_digit)) return 0;
  int port = 0;
  for (const char c : digits) port = port * 10 + (c - '0');
  return port <= 65535 ? static_cast<std::uint16_t>(port) : 0;
}

bool is_ipv6(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;  // inet_pton would stop there
  in6_addr parsed{};
  return ::inet_pton(AF_INET6, std::string(text).c_str(), &parsed) == 1;
}

bool is_name_label(std::string_view label) {
  return !label.empty() && label.size() <= kMostNameLabel && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, is_name_char);
}

// An IPv4 address is a name by this rule too.
bool is_host_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);  // the root of DNS, written out
  if (name.empty() || name.size() > kMostName) return false;
  for (;;) {
    const std::size_t dot = name.find('.');
    if (!is_name_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

// What people put there in place of host:port, by name; empty where it is none of these.
std::string_view known_slip(std::string_view text) {
  if (text.empty()) return "is no address; register host:port";
  if (text.size() > kMostAddress) return "is longer than 260 bytes; register host:port";
  if (text.find("://") != std::string_view::npos) return "has a scheme; register host:port";
  if (text.find('@') != std::string_view::npos) return "has a user name; register host:port";
  if (text.find('/') != std::string_view::npos) {
    return "has a path; register host:port, and the path as metrics_path in the value";
  }
  if (text.find_first_of("?#") != std::string_view::npos) {
    return "has a query; register host:port, and the query as params in the value";
  }
  return {};
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  if (const std::string_view slip = known_slip(text); !slip.empty()) return wrong(text, slip);
  const bool bracketed = text.front() == '[';
  const std::size_t colon = bracketed ? text.find("]:") + 1 : text.find(':');
  if (!bracketed && colon != text.rfind(':')) {
    return wrong(text, "has more than one colon; register IPv6 as [address]:port");
  }
  if (colon == 0 && !bracketed) return wrong(text, "has no host; register host:port");
  if (colon == std::string_view::npos || colon == 0) {
    return wrong(text, "has no port; register host:port");
  }
  Address address{
      .host = std::string(bracketed ? text.substr(1, colon - 2) : text.substr(0, colon)),
      .port = port_of(text.substr(colon + 1)),
      .ipv6 = bracketed};
  if (address.port == 0) {
    return wrong(text, "has no usable port; register host:port with a port from 1 to 65535");
  }
  if (bracketed ? !is_ipv6(address.host) : !is_host_name(address.host)) {
    return wrong(text, bracketed ? "has no IPv6 address in its brackets; register [address]:port"
                                 : "has no usable host; register host:port, the host a name of "
                                   "letters, digits, \"-\", \"_\" and \".\", or an address");
  }
  return address;
}

std::string local_address(std::string_view listen) {
  const std::size_t colon = std::min(listen.rfind(':'), listen.size());
  const std::string_view host = listen.substr(0, colon);
  const std::string port(listen.substr(colon));
  if (host.empty() || host == "0.0.0.0") return "127.0.0.1" + port;
  if (host == "[::]") return "[::1]" + port;
  return std::string(listen);
}

}  // namespace promster
