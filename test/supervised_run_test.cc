// `promster run --prometheus.start` as a whole: the agent and Prometheus under the supervisor, with
// a real etcd.
#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "base/file.h"
#include "cluster/etcd_server.h"
#include "cluster/node.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"

namespace promster {
namespace {

constexpr Duration kPatience{60'000};

// The pid in the newest line of a log that tells of the start of `process`.
pid_t started(const std::string& log, const std::string& process) {
  const std::string key = "msg=started process=" + process + " pid=";
  const std::size_t at = log.rfind(key);
  return at == std::string::npos ? -1 : std::atoi(log.c_str() + at + key.size());
}

bool alive(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

class SupervisedRunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = EtcdServer::start({.dir = dir_.path()});
    ASSERT_TRUE(server.ok()) << server.error().message;
    etcd_ = std::make_unique<EtcdServer>(std::move(*server));
    auto node = Node::start({.binary = PROMSTER_BINARY,
                             .name = "node",
                             .dir = dir_.path(),
                             .environment = {{"REGISTRY_ETCD_URL", etcd_->endpoint()},
                                             {"REGISTRY_SERVICE", "s"},
                                             {"REGISTRY_TTL", "60"},
                                             {"SCRAPE_ETCD_PATH", "/t/"}}});
    ASSERT_TRUE(node.ok()) << node.error().message;
    node_ = std::make_unique<Node>(std::move(*node));
    const auto ready = node_->wait_until_ready(kPatience);
    ASSERT_TRUE(ready.ok()) << ready.error().message;
  }

  std::string log() const { return *read_file(node_->log_path()); }

  Result<void> wait_for_another(const std::string& process, pid_t than) {
    return wait_for("another " + process, kPatience, [&] {
      const pid_t now = started(log(), process);
      return now > 0 && now != than && alive(now);
    });
  }

  bool registered() {
    auto client = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
    const auto keys = client->range({.prefix = "/registry/s/"});
    return keys.ok() && !keys->entries.empty();
  }

  int healthcheck() {
    auto check = Process::start({.argv = {PROMSTER_BINARY, "healthcheck", "--web.listen-address",
                                          node_->web_url().substr(7)},
                                 .output_path = dir_.file("healthcheck")});
    const auto status = check->wait(kPatience);
    return status ? status->code : -1;
  }

  TempDir dir_ = *TempDir::make("supervised");
  std::unique_ptr<EtcdServer> etcd_;
  std::unique_ptr<Node> node_;
};

TEST_F(SupervisedRunTest, TheDeathOfOneDoesNotDisturbTheOther) {
  const pid_t agent = started(log(), "agent"), prometheus = started(log(), "prometheus");
  EXPECT_EQ(healthcheck(), 0);
  ASSERT_EQ(::kill(agent, SIGKILL), 0);
  ASSERT_TRUE(wait_for_another("agent", agent).ok());
  ASSERT_TRUE(node_->wait_until_ready(kPatience).ok());
  EXPECT_EQ(started(log(), "prometheus"), prometheus);
  EXPECT_TRUE(alive(prometheus));

  const pid_t second = started(log(), "agent");
  ASSERT_EQ(::kill(prometheus, SIGKILL), 0);
  ASSERT_TRUE(wait_for_another("prometheus", prometheus).ok());
  EXPECT_EQ(started(log(), "agent"), second);
  EXPECT_TRUE(alive(second));
}

TEST_F(SupervisedRunTest, AStopWithdrawsTheNodeAndThenStopsPrometheus) {
  const auto there = wait_for("the registration", kPatience, [&] { return registered(); });
  ASSERT_TRUE(there.ok());
  const pid_t prometheus = started(log(), "prometheus");
  const auto status = node_->process().stop(Duration(25'000));
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->code, 0) << log();
  EXPECT_FALSE(registered());
  EXPECT_FALSE(alive(prometheus));
  const std::string all = log();
  EXPECT_LT(all.find("msg=ended process=agent reason=\"exit code 0\""),
            all.find("msg=ended process=prometheus reason=\"exit code 0\""));
  EXPECT_EQ(healthcheck(), 1);
}

TEST_F(SupervisedRunTest, ASecondSignalStopsAtOnce) {
  const pid_t agent = started(log(), "agent"), prometheus = started(log(), "prometheus");
  // An agent that hangs: the first signal alone would wait for it.
  ASSERT_EQ(::kill(agent, SIGSTOP), 0);
  node_->process().signal(SIGTERM);
  const auto heard = wait_for("the first signal", kPatience,
                              [&] { return log().find("msg=stopping") != std::string::npos; });
  ASSERT_TRUE(heard.ok());
  const auto before = std::chrono::steady_clock::now();
  node_->process().signal(SIGTERM);
  const auto ended = wait_for("the end", kPatience, [&] { return !node_->process().running(); });
  ASSERT_TRUE(ended.ok());
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(1'500));
  EXPECT_FALSE(alive(agent));
  EXPECT_FALSE(alive(prometheus));
}

}  // namespace
}  // namespace promster
