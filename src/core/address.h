#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promster {

// Where something listens. The host is an IPv4 address, an IPv6 address (without its brackets) or a
// name of letters, digits, "-", "_" and ".".
struct Address {
  std::string host;
  std::uint16_t port = 0;
  bool ipv6 = false;
};

// Reads host:port, [IPv6]:port; ASCII, at most 260 bytes, port 1 to 65535 without leading zeros, a
// name at most 253 bytes in labels of 1 to 63 (RFC 1123, and "_"). What looks like a number to some
// resolvers (0x7f.1, 2130706433) is a name here. The error shows the text and names the mend:
// "\"http://a:80\" has a scheme; register host:port". Pure, any thread.
Result<Address> parse_address(std::string_view text);

// Where on its own machine one is reached that listens at host:port: ":80", "0.0.0.0:80" and
// "[::]:80", which are every address, become "127.0.0.1:80" and "[::1]:80". Pure, any thread.
std::string local_address(std::string_view listen);

}  // namespace promster
