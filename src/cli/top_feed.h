#pragma once

#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/inbox.h"
#include "base/result.h"
#include "cli/node_client.h"
#include "cli/top_terminal.h"

namespace promster {

// What `promster top` is told, in one inbox.
struct TopAnswer {
  std::string resource;
  Result<std::string> data;
};
struct TopNews {
  bool live = false;  // changes are told as they happen; this is one, or the first word
};
using TopInput = std::variant<TopAnswer, TopNews, Terminal::Happened>;

// Asks a node for what is wanted, and listens to what happens to it (/api/v1/events).
//
// Thread rule: made and destroyed by one thread; it works on two of its own, which end within a
// second.
class TopFeed {
 public:
  // REQUIRES: the inbox outlives it.
  TopFeed(const NodeAddress& node, Inbox<TopInput>& inbox);
  ~TopFeed();
  TopFeed(const TopFeed&) = delete;
  TopFeed& operator=(const TopFeed&) = delete;

  // Asks for these now, and no more for what was wanted before.
  void want(std::vector<std::string> resources) { wanted_.push(std::move(resources)); }

 private:
  void ask(NodeAddress node, Inbox<TopInput>& inbox, const std::stop_token& stop);
  void listen(const NodeAddress& node, Inbox<TopInput>& inbox, const std::stop_token& stop);

  Inbox<std::vector<std::string>> wanted_;
  Inbox<bool> over_;  // never has an item: it is closed to end a pause
  std::jthread asker_, listener_;
};

}  // namespace promster
