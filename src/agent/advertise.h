#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "core/settings.h"

namespace promster {

// The address under which siblings reach our Prometheus, as far as this machine can tell: the
// source address of the route to etcd, and the port of Prometheus's URL; IPv6 in brackets. No
// packet is sent (a UDP socket is connected, ip(7)), but a name among the endpoints is looked up.
//
// The endpoints are tried in turn. The error names the mend, --registry.advertise-address.
// REQUIRES: endpoints as in EtcdSettings; a checked URL. Any thread.
Result<std::string> find_advertise_address(std::span<const std::string> endpoints,
                                           const std::string& prometheus_url);

// The name of this node among its siblings: --registry.advertise-address, or what was found out. A
// node without a registry, of which nobody hears, is called after its Prometheus's URL.
// REQUIRES: checked settings. Any thread.
Result<std::string> find_node_name(const Settings& settings);

}  // namespace promster
