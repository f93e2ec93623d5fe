#include "core/cidr.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace promster {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kMappedBits = 96;

bool is_mapped(const IpAddress& address) {
  return address.ipv6 && std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin());
}

IpAddress unmapped(const IpAddress& address) {
  IpAddress v4;
  std::copy(address.bytes.begin() + kMapped.size(), address.bytes.end(), v4.bytes.begin());
  return v4;
}

std::optional<IpAddress> from_inet_pton(const std::string& text) {
  if (text.find('\0') != std::string::npos) return std::nullopt;  // inet_pton would stop there
  IpAddress address;
  if (::inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
  address.ipv6 = true;
  if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> from_inet_aton(const std::string& text) {
  in_addr parsed{};
  // inet_aton would read an address before a space and ignore the rest.
  const bool plain = text.find_first_not_of("0123456789abcdefABCDEFxX.") == std::string::npos;
  if (!plain || ::inet_aton(text.c_str(), &parsed) == 0) return std::nullopt;
  IpAddress address;
  std::memcpy(address.bytes.data(), &parsed, sizeof parsed);
  return address;
}

// -1 where it is none.
int length_of(std::string_view digits) {
  int bits = -1;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  return failure == std::errc{} && end == digits.data() + digits.size() ? bits : -1;
}

Error wrong(std::string_view text, std::string_view why, std::string_view mend) {
  return Error{"\"" + printable(text) + "\" " + std::string(why) + "; try: " + std::string(mend)};
}

}  // namespace

std::optional<IpAddress> read_ip(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.find(':') != std::string_view::npos) host = host.substr(0, host.find('%'));
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string text(host);
  auto address = from_inet_pton(text);
  if (!address) address = from_inet_aton(text);
  if (address && is_mapped(*address)) address = unmapped(*address);
  return address;
}

bool Cidr::contains(const IpAddress& address) const {
  if (address.ipv6 != first.ipv6) return false;
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(first.bytes.begin(), first.bytes.begin() + whole, address.bytes.begin())) {
    return false;
  }
  const int rest = bits % 8;
  return rest == 0 || ((first.bytes[whole] ^ address.bytes[whole]) >> (8 - rest)) == 0;
}

Result<Cidr> parse_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = from_inet_pton(std::string(text.substr(0, slash)));
  if (!address) return wrong(text, "is no address range", "10.0.0.0/8");
  const int most = address->ipv6 ? 128 : 32;
  const int bits = slash == std::string_view::npos ? most : length_of(text.substr(slash + 1));
  if (bits < 0 || bits > most) {
    return wrong(text, "is an address range without a usable length",
                 std::string(text.substr(0, slash)) + "/" + std::to_string(most));
  }
  if (is_mapped(*address) && bits >= kMappedBits) {
    return Cidr{.first = unmapped(*address), .bits = bits - kMappedBits};
  }
  return Cidr{.first = *address, .bits = bits};
}

Result<std::vector<Cidr>> parse_cidrs(const std::vector<std::string>& texts) {
  std::vector<Cidr> ranges;
  for (const std::string& text : texts) {
    const auto range = parse_cidr(text);
    if (!range) return range.error();
    ranges.push_back(*range);
  }
  return ranges;
}

}  // namespace promster
