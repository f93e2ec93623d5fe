#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/call_error.h"
#include "cli/node_client.h"

namespace promster {

// Who answers `promster status`: a node, or etcd itself.
struct StatusSource {
  // The `data` of /api/v1/<resource> (src/web/openapi.yaml).
  std::function<Result<std::string>(const std::string& resource)> ask;
  std::optional<NodeAddress> node;  // none: etcd
};

// --from, beside node_options().
CommandOption from_option();

// The node that --url names, or that of this machine. REQUIRES: the command has node_options().
Result<StatusSource, CallError> open_node(const CommandCall& call);

// The node on this machine where it answers, and says on `err` that it is asked; else an error that
// also says why etcd cannot be asked instead. REQUIRES: as open_node(). Blocks.
Result<StatusSource, CallError> open_local_node(const CommandCall& call,
                                                const std::string& why_not_etcd);

// etcd, with the targets' health where it is asked for if `health`. Says on `err` what it waits
// for. Blocks. Only here bad settings of a command that bears them are an error.
Result<StatusSource, CallError> open_etcd(const CommandCall& call, bool health);

// The one that --url and --from name; else the node on this machine where it answers, else etcd,
// and says on `err` which. REQUIRES: the command has from_option() and node_options(). Blocks.
Result<StatusSource, CallError> open_status_source(const CommandCall& call);

}  // namespace promster
