#include "cli/top_feed.h"

#include <chrono>
#include <utility>

#include "prom/event_stream.h"

namespace promster {
namespace {

constexpr std::chrono::seconds kAgain{2};

}  // namespace

TopFeed::TopFeed(const NodeAddress& node, Inbox<TopInput>& inbox)
    : asker_([this, node, &inbox](const std::stop_token& stop) { ask(node, inbox, stop); }),
      listener_([this, node, &inbox](const std::stop_token& stop) { listen(node, inbox, stop); }) {}

TopFeed::~TopFeed() {
  asker_.request_stop();
  listener_.request_stop();
  wanted_.close();
  over_.close();
}

void TopFeed::ask(NodeAddress node, Inbox<TopInput>& inbox, const std::stop_token& stop) {
  NodeClient client(std::move(node), stop);
  while (!stop.stop_requested()) {
    const auto wishes = wanted_.wait_until(std::nullopt);
    if (wishes.empty()) continue;
    for (const std::string& resource : wishes.back()) {
      inbox.push(TopAnswer{resource, client.ask(resource)});
    }
  }
}

void TopFeed::listen(const NodeAddress& node, Inbox<TopInput>& inbox, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    // That it ended is all there is to know: why, the asker is told.
    static_cast<void>(read_event_stream(
        api_request(node, "events"),
        [&inbox](const StreamedEvent&) { inbox.push(TopNews{.live = true}); }, stop));
    inbox.push(TopNews{.live = false});
    over_.wait_until(std::chrono::steady_clock::now() + kAgain);
  }
}

}  // namespace promster
