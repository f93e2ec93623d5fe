#pragma once

#include <string>
#include <vector>

#include "base/duration.h"
#include "base/result.h"
#include "cli/command.h"
#include "core/settings.h"

namespace promster {

// What `promster register` was asked for.
struct RegisterCall {
  EtcdSettings etcd;
  std::string address;  // "10.0.0.7:8080"
  std::string key;      // SCRAPE_ETCD_PATH/SERVICE/ADDRESS
  std::string value;    // "{}", or more (interface.md, "etcd")
  Duration ttl{10'000};
  std::string check;  // "tcp" or a URL; empty: none
  Duration check_interval{5'000};
  std::vector<std::string> program;  // what is run, and registered while it lives; empty: nothing
};

// Reads it from options and settings; what nodes could not scrape is refused here, where somebody
// reads it. Every message reads `what; why; try: the mend`. May look up the names of etcd
// endpoints.
Result<RegisterCall> read_register_call(const CommandCall& call);

}  // namespace promster
