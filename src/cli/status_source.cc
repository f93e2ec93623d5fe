#include "cli/status_source.h"

#include <memory>
#include <ostream>
#include <utility>

#include "cli/patience.h"
#include "cli/status_etcd.h"

namespace promster {
namespace {

StatusSource of_node(NodeAddress node) {
  const auto client = std::make_shared<NodeClient>(node);
  return {.ask = [client](const std::string& resource) { return client->ask(resource); },
          .node = std::move(node)};
}

// Whether it answers; then it is said that it is the one that is asked.
bool answers_here(const CommandCall& call, const NodeAddress& node) {
  const bool answers = NodeClient(node).answers();
  if (answers) print_error(call.err, "asking the node at " + node.url);
  return answers;
}

}  // namespace

CommandOption from_option() {
  return {.name = "--from",
          .kind = CommandOption::Kind::kText,
          .fallback = "auto",
          .help = "who is asked; auto: the node on this machine where it answers, else etcd",
          .choices = {"auto", "node", "etcd"}};
}

Result<StatusSource, CallError> open_node(const CommandCall& call) {
  auto node = read_node_address(call);
  if (!node) return CallError{{node.error().message}};
  return of_node(*std::move(node));
}

Result<StatusSource, CallError> open_local_node(const CommandCall& call,
                                                const std::string& why_not_etcd) {
  auto node = read_node_address(call);
  if (!node) return CallError{{node.error().message}};
  if (answers_here(call, *node)) return of_node(*std::move(node));
  return CallError{{"no node answers at " + node->url +
                        "; try: --url=http://NODE:9096, the page of another node",
                    "and etcd cannot be asked: " + why_not_etcd},
                   kExitFailed};
}

Result<StatusSource, CallError> open_etcd(const CommandCall& call, bool health) {
  if (!call.loaded.errors.empty()) return CallError{call.loaded.errors};
  print_warnings(call);
  const Settings& settings = call.loaded.settings;
  auto read = [&] {
    const Patience patience(call.err, etcds_of(settings));
    return EtcdAnswers::read(settings,
                             health ? EtcdAnswers::Health::kAsk : EtcdAnswers::Health::kLeave);
  }();
  if (!read) return CallError{{read.error().message + "; try: promster check"}, kExitFailed};
  const auto answers = std::make_shared<EtcdAnswers>(*std::move(read));
  return StatusSource{
      .ask = [answers](const std::string& resource) { return answers->ask(resource); }, .node = {}};
}

Result<StatusSource, CallError> open_status_source(const CommandCall& call) {
  const std::string& from = call.text("--from");
  if (from == "etcd") {
    if (call.text("--url").empty()) return open_etcd(call, true);
    return CallError{{"--from=etcd and --url; a node is no etcd; try: one of the two"}};
  }
  if (from == "node" || !call.text("--url").empty()) return open_node(call);
  if (!call.loaded.errors.empty()) return open_local_node(call, call.loaded.errors.front());
  auto node = read_node_address(call);
  if (!node) return CallError{{node.error().message}};
  if (answers_here(call, *node)) return of_node(*std::move(node));
  print_error(call.err, "no node answers at " + node->url + ", asking etcd");
  return open_etcd(call, true);
}

}  // namespace promster
