#pragma once

#include "base/result.h"
#include "cli/command.h"
#include "cli/node_client.h"
#include "cli/status_model.h"

namespace promster {

// The agent on this machine, which a command asks by its page and tells what to do by a signal. It
// is the promster that listens at --web.listen-address: the agent itself, where a supervisor has
// started it, and the one of our container or pod.
//
// Thread rule: one thread.
class LocalAgent {
 public:
  // By the settings and node_options(). Fails where --url is not on this machine: one agent would
  // be asked, and another be told.
  static Result<LocalAgent> of(const CommandCall& call);

  Result<ShownStatus> status();
  Result<void> signal(int number) const;

 private:
  LocalAgent(NodeAddress page, std::string listen_address)
      : page_(std::move(page)), listen_address_(std::move(listen_address)) {}

  NodeClient page_;
  std::string listen_address_;
};

}  // namespace promster
