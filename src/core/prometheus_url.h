#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace promster {

// The parts of the address of a Prometheus: `http://127.0.0.1:9090/prom`.
struct PrometheusUrl {
  std::string scheme;      // http or https
  std::string host;        // without the brackets of an IPv6 address
  std::uint16_t port = 0;  // 80 or 443 where the text has none
  std::string authority;   // host:port, IPv6 in brackets
  std::string path;        // the route prefix, without a slash at its end; empty at the root
};

// Reads scheme://host[:port][/path]. Anything else (a user, a query, a fragment) is an error that
// shows a correct one. Pure, any thread.
Result<PrometheusUrl> parse_prometheus_url(std::string_view text);

}  // namespace promster
