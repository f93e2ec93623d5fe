#include "cluster/node.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

extern char** environ;

namespace promster {
namespace {

// Everything that `promster run` reads (interface.md, "Settings").
bool is_setting(std::string_view name) {
  constexpr std::array<std::string_view, 4> kPrefixes{"SCRAPE_", "REGISTRY_", "RECORD_RULE_",
                                                      "PROMSTER_"};
  constexpr std::array<std::string_view, 6> kNames{
      "LOG_LEVEL", "LOG_FORMAT", "SCHEME", "TLS_INSECURE", "EVALUATION_INTERVAL", "RETENTION_TIME"};
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kPrefixes, [&](auto prefix) { return name.starts_with(prefix); });
}

std::vector<std::string> settings_of_the_caller() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    if (is_setting(name)) names.emplace_back(name);
  }
  return names;
}

// The processes that a process of one thread has started (proc(5)).
std::vector<pid_t> children_of(pid_t pid) {
  const std::string task = "/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid);
  std::ifstream file(task + "/children");
  std::vector<pid_t> pids;
  for (pid_t child = 0; file >> child;) pids.push_back(child);
  return pids;
}

}  // namespace

Node::Node(const NodeOptions& options, PortLease prometheus_port, PortLease web_port)
    : name_(options.name),
      config_dir_(options.dir + "/" + options.name),
      prometheus_port_(std::move(prometheus_port)),
      web_port_(std::move(web_port)),
      child_({.argv = {options.binary, "run", "--prometheus.start",
                       "--prometheus.url=" + prometheus_url(),
                       "--web.listen-address=" + web_port_.address(),
                       "--registry.advertise-address=" + prometheus_port_.address(),
                       "--prometheus.config-dir=" + config_dir_,
                       // Loopback only, where a node in production listens on every address.
                       "--prometheus.extra-args=--web.listen-address=" + address()},
              .environment = options.environment,
              .unset_environment = settings_of_the_caller(),
              .output_path = config_dir_ + ".log",
              .own_group = true}) {}

Result<Node> Node::start(const NodeOptions& options) {
  auto prometheus_port = reserve_port_from(options.first_port);
  auto web_port = reserve_port_from(options.first_port);
  if (!prometheus_port || !web_port) return Error{"start " + options.name + ": no free port"};
  Node node(options, std::move(*prometheus_port), std::move(*web_port));
  std::error_code failed;
  std::filesystem::create_directories(node.config_dir_, failed);
  if (failed) return Error{"make directory " + node.config_dir_ + ": " + failed.message()};
  const auto launched = node.child_.launch();
  if (!launched) return launched.error().within(options.name);
  return node;
}

std::vector<pid_t> Node::pids() const {
  std::vector<pid_t> all = children_of(child_.pid());
  all.insert(all.begin(), child_.pid());
  return all;
}

void Node::crash() {
  // Stopped, it cannot start anew what is killed below it.
  child_.pause();
  for (const pid_t pid : children_of(child_.pid())) ::kill(pid, SIGKILL);
  child_.kill();
}

Result<void> Node::wait_until_ready(Duration most) {
  const auto ready = child_.wait_until_ready(web_url() + "/-/ready", most);
  if (!ready) return ready.error().within(name_);
  return {};
}

}  // namespace promster
