// How nodes end: by a crash, by a scale, unasked.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <optional>

#include "cluster/etcd_server.h"
#include "cluster/hierarchy.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using std::chrono::seconds;

class NodeCrashTest : public testing::Test {
 protected:
  void SetUp() override {
    auto dir = TempDir::make("promster-crash-test");
    ASSERT_TRUE(dir);
    dir_.emplace(std::move(*dir));
    auto etcd = EtcdServer::start({.dir = dir_->path()});
    ASSERT_TRUE(etcd) << etcd.error().message;
    etcd_.emplace(std::move(*etcd));
    hierarchy_.emplace(HierarchyOptions{.binary = PROMSTER_BINARY, .dir = dir_->path()});
    const std::string url = etcd_->endpoint();
    const auto added = hierarchy_->add_level({.name = "level1",
                                              .nodes = 2,
                                              .environment = {{"REGISTRY_ETCD_URL", url},
                                                              {"REGISTRY_SERVICE", "nodes"},
                                                              {"REGISTRY_TTL", "5"},
                                                              {"SCRAPE_ETCD_PATH", "/targets/"}}});
    ASSERT_TRUE(added) << added.error().message;
    const auto ready = hierarchy_->wait_until_ready(seconds(30));
    ASSERT_TRUE(ready) << ready.error().message;
  }

  std::size_t registered() {
    auto client = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
    const auto range = client->range({.prefix = "/registry/nodes/"});
    return range ? range->entries.size() : 0;
  }

  bool registered_within(std::size_t nodes, Duration most) {
    return wait_for("the registry", most, [&] { return registered() == nodes; }).ok();
  }

  std::optional<TempDir> dir_;
  std::optional<EtcdServer> etcd_;
  std::optional<Hierarchy> hierarchy_;
};

TEST_F(NodeCrashTest, ACrashTakesAllOfTheNodeAndItsLeaseRunsOut) {
  ASSERT_TRUE(registered_within(2, seconds(20)));
  Node& node = hierarchy_->nodes(0).back();
  node.crash();
  // At once, and without a farewell: its key is still there, its servers are not.
  EXPECT_EQ(registered(), 2u);
  EXPECT_FALSE(HttpClient().get(node.prometheus_url() + "/-/ready"));
  EXPECT_FALSE(HttpClient().get(node.web_url() + "/-/healthy"));
  EXPECT_TRUE(registered_within(1, seconds(20)));
  EXPECT_EQ(hierarchy_->remove_ended(), std::vector<std::string>{"level1-2"});
  EXPECT_EQ(hierarchy_->nodes(0).size(), 1u);
}

TEST_F(NodeCrashTest, AScaleStopsTheYoungestWhichLeavesTheRegistry) {
  ASSERT_TRUE(registered_within(2, seconds(20)));
  const std::string stays = hierarchy_->nodes(0).front().name();
  ASSERT_TRUE(hierarchy_->scale(0, 1));
  EXPECT_EQ(registered(), 1u);  // long before its lease would have run out
  EXPECT_EQ(hierarchy_->nodes(0).front().name(), stays);
  EXPECT_TRUE(hierarchy_->check_running());
}

TEST_F(NodeCrashTest, ANodeThatEndedUnaskedIsNoticed) {
  hierarchy_->nodes(0).front().process().signal(SIGTERM);
  EXPECT_TRUE(wait_for("its end", seconds(90), [&] { return !hierarchy_->check_running(); }));
  const auto running = hierarchy_->check_running();
  ASSERT_FALSE(running);
  EXPECT_EQ(running.error().message, "level1-1 has ended");
}

}  // namespace
}  // namespace promster
