// An etcd that is paused for longer than a lease deletes the keys of all nodes at once when it goes on,
// while all of them live: nothing may move. One agent sleeps a little longer, so that its key is away for
// a while: without the member guard its targets move, though its Prometheus scrapes them.
// PROMSTER_TEST_PAUSES says how often (1).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/text.h"
#include "cluster/etcd_server.h"
#include "cluster/hierarchy.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"

namespace promster {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kNodes = 3;
constexpr int kTargets = 30;
constexpr Duration kPause = seconds(12);  // with leases of 5 s
constexpr Duration kLong = seconds(90);

class RegistryPauseTest : public ::testing::Test {
 protected:
  void start(bool guard) {
    etcd_ = std::make_unique<EtcdServer>(EtcdServer::start({.dir = dir_.path()}).value());
    const auto client = connect();
    for (int i = 0; i < kTargets; ++i) {
      ASSERT_TRUE(client->put("/t/app/127.0.0.1:" + std::to_string(40'000 + i), "", 0));
    }
    level_ = std::make_unique<Hierarchy>(
        HierarchyOptions{.binary = PROMSTER_BINARY, .dir = dir_.path()});
    const auto added = level_->add_level(
        {.name = "level1",
         .nodes = kNodes,
         .environment = {{"SCRAPE_ETCD_PATH", "/t"},
                         {"REGISTRY_ETCD_URL", etcd_->endpoint()},
                         {"REGISTRY_SERVICE", "s"},
                         {"REGISTRY_TTL", "5"},
                         {"SCRAPE_INTERVAL", "1s"},
                         {"EVALUATION_INTERVAL", "1s"},
                         {"PROMSTER_SHARD_MEMBER_GUARD", guard ? "true" : "false"}}});
    ASSERT_TRUE(added) << added.error().message;
    const auto settled = wait_for("the targets to be shared", kLong, [&] { return shared(); });
    ASSERT_TRUE(settled) << settled.error().message << level_->log_tails(10);
  }

  std::unique_ptr<Etcd> connect() const {
    return make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
  }

  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> result;
    for (const Node& node : level_->nodes(0)) {
      result[node.name()] = read_file(node.config_dir() + "/sd/targets.json").value();
    }
    return result;
  }

  // Each target is in one file, and all keys are there.
  bool shared() const {
    if (keys() != kNodes) return false;
    std::string all;
    for (const auto& [node, file] : files()) all += file;
    for (int i = 0; i < kTargets; ++i) {
      const std::string quoted = "\"127.0.0.1:" + std::to_string(40'000 + i) + '"';
      const std::size_t first = all.find(quoted);
      if (first == std::string::npos || all.find(quoted, first + 1) != std::string::npos)
        return false;
    }
    return true;
  }

  int keys() const {
    const auto listed = connect()->range({.prefix = "/registry/s/"});
    return listed ? static_cast<int>(listed->entries.size()) : -1;
  }

  // The agent of the last node: its supervisor's child of our own name.
  pid_t sleeper() const {
    const std::string pid = std::to_string(level_->nodes(0).back().process().pid());
    const auto children = read_file("/proc/" + pid + "/task/" + pid + "/children").value();
    for (const std::string_view child : split(trim(children), ' ')) {
      const auto name = read_file("/proc/" + std::string(child) + "/comm");
      if (name && trim(*name) == "promster")
        return static_cast<pid_t>(std::stoi(std::string(child)));
    }
    return -1;
  }

  // The keys that were put since `revision`.
  int keys_since(std::int64_t revision) const {
    const auto listed = connect()->range({.prefix = "/registry/s/"});
    if (!listed) return -1;
    return static_cast<int>(std::ranges::count_if(
        listed->entries, [&](const KeyValue& entry) { return entry.mod_revision > revision; }));
  }

  // Pauses etcd, and the last agent a little longer; returns whether any file changed meanwhile, or
  // a while after all keys were back.
  bool pause_moves_targets() {
    const auto before = files();
    const auto changes = [&] { return files() != before; };
    const std::int64_t revision = connect()->range({.prefix = "/registry/s/"}).value().revision;
    const pid_t agent = sleeper();
    EXPECT_GT(agent, 0);
    etcd_->pause();
    bool moved = wait_for("a change", kPause, changes).ok();
    ::kill(agent, SIGSTOP);
    etcd_->resume();
    const auto resumed = steady_clock::now();
    const auto back =
        wait_for("the keys to be back", kLong, [&] { return keys_since(revision) == kNodes - 1; });
    EXPECT_TRUE(back) << back.error().message;
    const std::chrono::duration<double> took = steady_clock::now() - resumed;
    std::printf("own keys back %.2f s after etcd went on\n", took.count());
    EXPECT_LT(took.count(), 1.0);
    moved = wait_for("a change", seconds(6), changes).ok() || moved;
    ::kill(agent, SIGCONT);
    EXPECT_TRUE(wait_for("the last key", kLong, [&] { return keys_since(revision) == kNodes; }));
    return wait_for("a change", seconds(3), changes).ok() || moved;
  }

  TempDir dir_ = TempDir::make("registry-pause").value();
  std::unique_ptr<EtcdServer> etcd_;
  std::unique_ptr<Hierarchy> level_;
};

int pauses() {
  const char* wanted = std::getenv("PROMSTER_TEST_PAUSES");
  return wanted == nullptr ? 1 : std::atoi(wanted);
}

TEST_F(RegistryPauseTest, MovesNothing) {
  ASSERT_NO_FATAL_FAILURE(start(true));
  for (int i = 0; i < pauses(); ++i) EXPECT_FALSE(pause_moves_targets()) << "pause " << i + 1;
}

TEST_F(RegistryPauseTest, WithoutTheMemberGuardItIsAStorm) {
  ASSERT_NO_FATAL_FAILURE(start(false));
  EXPECT_TRUE(pause_moves_targets());
}

}  // namespace
}  // namespace promster
