#pragma once

#include <string>

#include "core/labels.h"

namespace promster {

// Something that Prometheus scrapes.
struct Target {
  std::string key;      // its etcd key, which identifies it
  std::string address;  // host:port, IPv6 in brackets

  // What the target file says of it: "prsn" (the segment above the address in its key) and what its
  // etcd value adds, scheme, metrics path, parameters and interval being the labels that Prometheus
  // reads them from (__scheme__, __metrics_path__, __param_<name>, __scrape_interval__).
  Labels labels;

  bool operator==(const Target&) const = default;
};

}  // namespace promster
