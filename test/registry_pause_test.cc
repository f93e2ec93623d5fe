// An etcd that is paused for longer than a lease deletes the keys of all nodes at once when it goes
// on, while all of them live (semantics.md, fact 1): nothing may move. Without the member guard all
// does. PROMSTER_TEST_PAUSES says how often (1).
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include "base/file.h"
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

  // Pauses etcd, and returns whether any file changed until all keys were back and a while after.
  bool pause_moves_targets() {
    const auto before = files();
    etcd_->pause();
    bool moved = wait_for("a change", kPause, [&] { return files() != before; }).ok();
    etcd_->resume();
    const auto back_since = steady_clock::now();
    // At first etcd deletes all keys; they are back when none has the revision of before any more.
    const auto back = wait_for("the keys to be back", kLong, [&] { return keys() == kNodes; });
    EXPECT_TRUE(back) << back.error().message;
    std::printf("keys back after %.2f s\n",
                std::chrono::duration<double>(steady_clock::now() - back_since).count());
    moved = wait_for("a change", seconds(5), [&] { return files() != before; }).ok() || moved;
    return moved;
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
