// An agent of level 1 hangs while its Prometheus goes on: its key is gone with its lease, its
// siblings leave it its share for a while, and then take it over. The total at level 2 stays right
// all the time, since it scrapes that Prometheus as long as nobody else has its share.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

#include "base/file.h"
#include "base/text.h"
#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/hierarchy.h"
#include "cluster/target_registrar.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kNodes = 3;
constexpr int kTargets = 30;

Environment both_levels(const std::string& etcd) {
  return {{"REGISTRY_ETCD_URL", etcd},
          {"REGISTRY_TTL", "5"},
          {"SCRAPE_INTERVAL", "1s"},
          {"EVALUATION_INTERVAL", "1s"}};
}

Environment with(Environment environment, const Environment& more) {
  environment.insert(environment.end(), more.begin(), more.end());
  return environment;
}

class HungAgent : public testing::Test {
 protected:
  void SetUp() override {
    const std::string etcd = etcd_.endpoint();
    start({.name = "level1",
           .nodes = kNodes,
           .environment = with(both_levels(etcd), {{"REGISTRY_SERVICE", "l1"},
                                                   {"SCRAPE_ETCD_PATH", "/targets/app"},
                                                   {"RECORD_RULE_1_NAME", "level1:requests:rate"},
                                                   {"RECORD_RULE_1_EXPR",
                                                    "sum(rate(http_requests_app_total[5s]))"}})});
    start({.name = "level2",
           .nodes = 1,
           .environment =
               with(both_levels(etcd), {{"REGISTRY_SERVICE", "l2"},
                                        {"SCRAPE_ETCD_PATH", "/registry/l1"},
                                        {"SCRAPE_PATHS", "/federate"},
                                        {"SCRAPE_MATCH_REGEX", "level1:.*"},
                                        {"RECORD_RULE_1_NAME", "total"},
                                        {"RECORD_RULE_1_EXPR", "sum(level1:requests:rate)"}})});
    const auto right = wait_for("the total, from all nodes", seconds(60), [&] {
      return error() <= 0.01 && value("count(level1:requests:rate)") == kNodes;
    });
    ASSERT_TRUE(right) << right.error().message << hierarchy_.log_tails(10);
  }

  void start(const LevelOptions& level) {
    const auto added = hierarchy_.add_level(level);
    ASSERT_TRUE(added) << added.error().message;
  }

  double value(const std::string& query) {
    const auto answer = query_value(hierarchy_.nodes(1)[0].prometheus_url(), query);
    return answer ? *answer : 0;
  }
  // How far the total is off, as a part of it.
  double error() {
    const double truth = generator_->total_rate();
    return std::abs(value("total") - truth) / truth;
  }
  bool scraped_above(const std::string& address) {
    return read_file(hierarchy_.nodes(1)[0].config_dir() + "/sd/targets.json")
               .value()
               .find('"' + address + '"') != std::string::npos;
  }

  // For how long the total was off by more than a tenth, until `done`, which must come in time.
  Duration off_until(const std::string& what, const std::function<bool()>& done) {
    Duration off{};
    auto last = steady_clock::now();
    const auto came = wait_for(
        what, seconds(90),
        [&] {
          const auto now = steady_clock::now();
          if (error() > 0.1) off += std::chrono::duration_cast<Duration>(now - last);
          last = now;
          return done();
        },
        Duration(100));
    EXPECT_TRUE(came) << came.error().message << hierarchy_.log_tails(10);
    return off;
  }

  TempDir dir_ = TempDir::make("hung-agent").value();
  EtcdServer etcd_ = EtcdServer::start({.dir = dir_.path()}).value();
  std::unique_ptr<Generator> generator_ = Generator::start({.count = kTargets}).value();
  TargetRegistrar registrar_{{.etcd = {.endpoints = {etcd_.endpoint()}},
                              .prefix = "/targets/app",
                              .addresses = generator_->addresses()}};
  Hierarchy hierarchy_{{.binary = PROMSTER_BINARY, .dir = dir_.path()}};
};

// The agent of a node: its supervisor's child of our own name.
pid_t agent_of(const Node& node) {
  for (const pid_t pid : node.pids()) {
    const auto name = read_file("/proc/" + std::to_string(pid) + "/comm");
    if (pid != node.pids()[0] && name && trim(*name) == "promster") return pid;
  }
  return -1;
}

TEST_F(HungAgent, TheTotalAboveStaysRight) {
  const Node& hung = hierarchy_.nodes(0).front();
  const pid_t agent = agent_of(hung);
  ASSERT_GT(agent, 0);
  ASSERT_EQ(::kill(agent, SIGSTOP), 0);
  const std::string held = R"(promster_targets_held{job="promster"})";
  Duration off = off_until("its key to be gone", [&] { return value(held) == 1; });
  const auto gone = steady_clock::now();
  off += off_until("its siblings to take over", [&] { return !scraped_above(hung.address()); });
  const std::chrono::duration<double> kept = steady_clock::now() - gone;
  off += off_until("the others to be all", [&] {
    return error() <= 0.01 && value("count(level1:requests:rate)") == kNodes - 1;
  });
  ::kill(agent, SIGCONT);
  std::printf("held for %.1f s; the total was off by more than a tenth for %.1f s\n", kept.count(),
              std::chrono::duration<double>(off).count());
  EXPECT_GT(kept.count(), 20) << "its siblings leave it its share for 30 s";
  // Old and new owner are scraped at different moments of an interval.
  EXPECT_LE(off, seconds(4));
}

}  // namespace
}  // namespace promster
