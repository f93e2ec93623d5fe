#pragma once

#include <span>
#include <string>

#include "base/result.h"

namespace promster {

// The address under which siblings reach our Prometheus, as far as this machine can tell: the source
// address of the route to etcd, and the port of Prometheus's URL; IPv6 in brackets. No packet is
// sent (a UDP socket is connected, ip(7)), but a name among the endpoints is looked up.
//
// The endpoints are tried in turn. The error names the mend, --registry.advertise-address.
// REQUIRES: endpoints as in EtcdSettings; a checked URL. Any thread.
Result<std::string> find_advertise_address(std::span<const std::string> endpoints,
                                           const std::string& prometheus_url);

}  // namespace promster
