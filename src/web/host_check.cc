#include "web/host_check.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii_case.h"

namespace promster {
namespace {

// Names that nobody can register: RFC 6761 and 6762 (with its appendix G), ICANN's .internal, and
// Kubernetes' .svc.
constexpr std::array<std::string_view, 11> kPrivateEnds{
    ".localhost", ".local", ".internal", ".svc",     ".test",    ".home.arpa",
    ".corp",      ".home",  ".lan",      ".private", ".intranet"};

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

bool is_name(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace

std::string host_of(std::string_view authority) {
  const bool bracketed = authority.starts_with('[');
  const std::size_t end = authority.find(bracketed ? ']' : ':');
  std::string host = lower_ascii(authority.substr(0, end).substr(bracketed ? 1 : 0));
  if (host.ends_with('.')) host.pop_back();
  return is_address(host) || (is_name(host) && !bracketed) ? host : "";
}

HostCheck::HostCheck(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::string host = host_of(name); !host.empty()) names_.insert(std::move(host));
  }
}

bool HostCheck::allows(const std::string* host_header) const {
  if (host_header == nullptr || host_header->empty()) return true;
  const std::string host = host_of(*host_header);
  if (host.empty()) return false;
  if (names_.contains(host) || is_address(host)) return true;
  if (host.find('.') == std::string::npos) return true;
  return std::ranges::any_of(kPrivateEnds,
                             [&](std::string_view end) { return host.ends_with(end); });
}

}  // namespace promster
