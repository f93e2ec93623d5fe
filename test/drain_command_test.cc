// promster drain, and SIGTERM after it, with real nodes.
#include <gtest/gtest.h>

#include <csignal>
#include <optional>

#include "base/file.h"
#include "base/process.h"
#include "cluster/etcd_server.h"
#include "cluster/hierarchy.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using std::chrono::seconds;

struct Ran {
  int exit_code = -1;
  std::string text;  // standard output and error
};

class DrainCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    auto etcd = EtcdServer::start({.dir = dir_.path()});
    ASSERT_TRUE(etcd) << etcd.error().message;
    etcd_.emplace(std::move(*etcd));
    hierarchy_.emplace(HierarchyOptions{.binary = PROMSTER_BINARY, .dir = dir_.path()});
  }

  void start(int nodes) {
    const auto added =
        hierarchy_->add_level({.name = "level1",
                               .nodes = nodes,
                               .environment = {{"REGISTRY_ETCD_URL", etcd_->endpoint()},
                                               {"REGISTRY_SERVICE", "nodes"},
                                               {"SCRAPE_INTERVAL", "1s"},
                                               {"EVALUATION_INTERVAL", "1s"},
                                               {"SCRAPE_ETCD_PATH", "/targets/"},
                                               {"PROMSTER_WEB_ENABLE_LIFECYCLE", "true"}}});
    ASSERT_TRUE(added) << added.error().message;
    const auto ready = hierarchy_->wait_until_ready(seconds(30));
    ASSERT_TRUE(ready) << ready.error().message;
  }

  Ran drain(const std::string& listen_address) {
    const std::string output = dir_.file("output");
    auto process = Process::start({.argv = {PROMSTER_BINARY, "drain"},
                                   .environment = {{"PROMSTER_WEB_LISTEN_ADDRESS", listen_address}},
                                   .output_path = output});
    EXPECT_TRUE(process.ok());
    const auto status = process->wait(seconds(60));
    const auto text = read_file(output);
    return {status ? status->code : -1, text ? *text : ""};
  }

  std::size_t registered() {
    auto client = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
    const auto range = client->range({.prefix = "/registry/nodes/"});
    return range ? range->entries.size() : 0;
  }

  static void expect_drained(const Node& node) {
    const auto ready = HttpClient().get(node.web_url() + "/-/ready");
    ASSERT_TRUE(ready) << ready.error().message;
    EXPECT_EQ(ready->status, 503);
    EXPECT_NE(ready->body.find("drained; waits to be stopped"), std::string::npos) << ready->body;
    const auto metrics = HttpClient().get(node.web_url() + "/metrics");
    ASSERT_TRUE(metrics) << metrics.error().message;
    EXPECT_NE(metrics->body.find("\npromster_ready 0\n"), std::string::npos);
  }

  static std::string listen_address(const Node& node) {
    return node.web_url().substr(std::string("http://").size());
  }

  TempDir dir_ = *TempDir::make("promster-drain-test");
  std::optional<EtcdServer> etcd_;
  std::optional<Hierarchy> hierarchy_;
};

TEST_F(DrainCommandTest, TheNodeLeavesAndStaysUntilItIsStopped) {
  start(2);
  Node& node = hierarchy_->nodes(0).back();
  ASSERT_EQ(registered(), 2u);
  const Ran ran = drain(listen_address(node));
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  EXPECT_EQ(ran.text, "handed over\n");
  EXPECT_EQ(registered(), 1u);
  EXPECT_TRUE(HttpClient().get(node.web_url() + "/-/healthy"));
  EXPECT_TRUE(HttpClient().get(node.prometheus_url() + "/-/ready"));
  expect_drained(node);
  EXPECT_EQ(drain(listen_address(node)).exit_code, 0);  // again: it is
  const auto stopped = hierarchy_->scale(0, 1);
  EXPECT_TRUE(stopped) << stopped.error().message;
  EXPECT_FALSE(HttpClient().get(node.prometheus_url() + "/-/ready"));
}

TEST_F(DrainCommandTest, AloneThereIsNobodyToHandOverTo) {
  start(1);
  const Ran ran = drain(listen_address(hierarchy_->nodes(0).back()));
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  EXPECT_EQ(ran.text, "there is nobody to hand over to\n");
  EXPECT_EQ(registered(), 0u);
}

TEST_F(DrainCommandTest, ADrainedNodeFollowsEtcdAndAQuitEndsIt) {
  start(1);
  Node& node = hierarchy_->nodes(0).back();
  ASSERT_EQ(drain(listen_address(node)).exit_code, 0);
  expect_drained(node);
  auto client = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
  ASSERT_TRUE(client->put("/targets/a/10.0.0.1:80", "", 0));
  const auto followed = wait_for("the target", seconds(20), [&] {
    const auto metrics = HttpClient().get(node.web_url() + "/metrics");
    return metrics && metrics->body.find("\npromster_targets_discovered 1\n") != std::string::npos;
  });
  EXPECT_TRUE(followed) << followed.error().message;
  const auto quit = HttpClient().send(
      {.method = "POST", .url = node.web_url() + "/-/quit", .headers = {}, .body = {}});
  ASSERT_TRUE(quit) << quit.error().message;
  EXPECT_EQ(quit->status, 200);
  const auto ended = node.process().wait(seconds(30));
  ASSERT_TRUE(ended) << "it runs on";
  EXPECT_EQ(ended->code, 0);
}

// Its sibling goes on as if it scraped, until the lease has run out.
TEST_F(DrainCommandTest, WithoutEtcdItDoesNotWaitAndSaysThatNobodyWasTold) {
  auto client = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
  for (const char* target : {"1:80", "2:80", "3:80", "4:80"}) {
    ASSERT_TRUE(client->put("/targets/a/10.0.0." + std::string(target), "", 0));
  }
  start(2);
  etcd_.reset();
  const auto asked = std::chrono::steady_clock::now();
  const Ran ran = drain(listen_address(hierarchy_->nodes(0).back()));
  EXPECT_LT(std::chrono::steady_clock::now() - asked, seconds(12));
  EXPECT_EQ(ran.exit_code, 1) << ran.text;
  EXPECT_NE(ran.text.find("not handed over; etcd does not answer, so no sibling was told; try: "),
            std::string::npos)
      << ran.text;
}

// In an outage of etcd, hooks of nodes that have nothing do not fail.
TEST_F(DrainCommandTest, WithoutEtcdAndWithoutTargetsThereIsNothingToHandOver) {
  start(2);
  etcd_.reset();
  const Ran ran = drain(listen_address(hierarchy_->nodes(0).back()));
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  EXPECT_TRUE(ran.text.starts_with("there is nothing to hand over: ")) << ran.text;
}

TEST_F(DrainCommandTest, WithoutAnAgentItSaysSo) {
  const Ran ran = drain("127.0.0.1:1");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.text.find("try: "), std::string::npos) << ran.text;
}

}  // namespace
}  // namespace promster
