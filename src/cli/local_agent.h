#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "cli/node_client.h"
#include "cli/status_model.h"

namespace promster {

// The agent on this machine, which a command asks by its page and tells what to do by a signal: the
// agent itself, where a supervisor has started it, and the one of our container or pod. By default
// it is the one that listens at --web.listen-address.
//
// Thread rule: one thread.
class LocalAgent {
 public:
  // By the settings and node_options(). Fails where --url is not on this machine.
  static Result<LocalAgent> of(const CommandCall& call);

  Result<ShownStatus> status();
  // Sends a signal to the agent that answered so; to nobody where no promster of that pid listens
  // where it was asked: one agent would be asked, and another be told.
  Result<void> signal(const ShownStatus& agent, int number) const;
  // Whether the agent that answered so still listens there, as far as we may see.
  bool runs(const ShownStatus& agent) const;

 private:
  LocalAgent(NodeAddress page, int port) : page_(std::move(page)), port_(port) {}

  NodeClient page_;
  int port_;
};

// What a command does with the agent, which has said so of itself; returns what it prints.
using TellAgent = std::function<Result<std::string>(LocalAgent&, const ShownStatus&)>;

// Runs a command that tells the agent on this machine something. Returns its exit code; what fails,
// the finding of the agent too, is printed and is kExitFailed.
int tell_local_agent(const CommandCall& call, const TellAgent& tell);

}  // namespace promster
