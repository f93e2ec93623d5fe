#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace promster {

// An IP address. An IPv4-mapped one (::ffff:a.b.c.d) is the IPv4 address that it reaches.
struct IpAddress {
  bool ipv6 = false;
  std::array<std::uint8_t, 16> bytes{};  // in network order; of IPv4 the first four

  bool operator==(const IpAddress&) const = default;
};

// Reads whatever some resolver takes for an address rather than a name, generously: what is denied
// must not get through in another spelling. IPv6 with or without brackets and zone
// ("fe80::1%eth0"); IPv4 in all forms of inet_aton (127.1, 0x7f.1, 0177.0.0.1, 2130706433); a dot
// at the end. Nothing: it is a name. Pure, any thread.
std::optional<IpAddress> read_ip(std::string_view host);

// A range of addresses of one family.
struct Cidr {
  IpAddress first;
  int bits = 0;  // how many leading bits of an address must be those of `first`

  bool contains(const IpAddress& address) const;
  bool operator==(const Cidr&) const = default;
};

// Reads 10.0.0.0/8, fe80::/10, or an address alone, which is the range of that one; here the plain
// forms only. The error reads `"x" is no address range; try: 10.0.0.0/8`. Pure, any thread.
Result<Cidr> parse_cidr(std::string_view text);

// The same for several. Pure, any thread.
Result<std::vector<Cidr>> parse_cidrs(const std::vector<std::string>& texts);

}  // namespace promster
