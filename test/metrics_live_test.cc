// What a node serves at /metrics while its targets change, a sibling joins and etcd goes and comes:
// promtool has nothing to say, docs/metrics.md says all of it, and the nodes agree in the end.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/hierarchy.h"
#include "cluster/node.h"
#include "cluster/prometheus_server.h"
#include "cluster/target_registrar.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "prom/files.h"
#include "prom/http_client.h"
#include "prom/prometheus_api.h"
#include "web/metrics_reference_for_test.h"
#include "web/promtool_for_test.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

constexpr Duration kLong = std::chrono::seconds(90);
constexpr int kTargets = 40;

// The value of a series as a page of metrics writes it; empty where it is not there.
std::string value_in(const std::string& page, const std::string& series) {
  const std::size_t found = page.find("\n" + series + " ");
  if (found == page.npos) return "";
  const std::size_t start = found + series.size() + 2;
  return page.substr(start, page.find('\n', start) - start);
}

class MetricsLiveTest : public ::testing::Test {
 protected:
  MetricsLiveTest() : dir_(TempDir::make("metrics-live-test").value()) {
    auto server = EtcdServer::start({.dir = dir_.path()});
    EXPECT_TRUE(server) << server.error().message;
    etcd_ = std::make_unique<EtcdServer>(std::move(*server));
    client_ = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
    generator_ = Generator::start({.count = kTargets}).value();
    registrar_ = std::make_unique<TargetRegistrar>(
        TargetRegistrarOptions{.etcd = {.endpoints = {etcd_->endpoint()}},
                               .prefix = "/t/app",
                               .addresses = generator_->addresses()});
  }

  void start_node(const std::string& name) {
    auto node = Node::start(
        {.binary = PROMSTER_BINARY,
         .name = name,
         .dir = dir_.path(),
         .environment = {{"SCRAPE_ETCD_PATH", "/t"},
                         {"REGISTRY_ETCD_URL", etcd_->endpoint()},
                         {"REGISTRY_SERVICE", "s"},
                         {"REGISTRY_TTL", "5"},
                         {"SCRAPE_INTERVAL", "1s"},
                         {"EVALUATION_INTERVAL", "1s"},
                         {"RECORD_RULE_1_NAME", "a:b"},
                         {"RECORD_RULE_1_EXPR", "sum(rate(http_requests_app_total[10s]))"}}});
    ASSERT_TRUE(node) << node.error().message;
    nodes_.push_back(std::move(*node));
  }

  // A target that comes, or all that came so and go with their lease.
  void change_targets() {
    if (lease_ == 0) lease_ = client_->grant(std::chrono::minutes(10)).value().id;
    if (++changes_ % 10 == 0) {
      EXPECT_TRUE(client_->revoke(std::exchange(lease_, 0)));
      return;
    }
    EXPECT_TRUE(client_->put("/t/app/127.0.0.1:" + std::to_string(40'000 + changes_), "", lease_));
  }

  // Reads the metrics of all nodes, and holds them against promtool and the reference.
  void read() {
    pages_.clear();
    for (const Node& node : nodes_) {
      const auto answer = http_.get(node.web_url() + "/metrics");
      if (!answer || answer->status != 200) continue;
      pages_.push_back(answer->body);
      EXPECT_EQ(promtool_findings(answer->body), "");
      const MetricReferences seen = read_exposition(answer->body);
      EXPECT_EQ(missing_in_reference(seen, reference_), "");
      for (const auto& [name, metric] : seen) seen_.insert(name);
      ++reads_;
    }
  }

  // Whether all nodes have the same assignment and count each target once.
  bool settled() {
    read();
    std::set<std::string> checksums;
    int counted = 0;
    for (const std::string& page : pages_) {
      checksums.insert(value_in(page, "promster_assignment_checksum"));
      counted += std::stoi("0" + value_in(page, "promster_targets_counted"));
    }
    const bool quiet =
        !pages_.empty() && value_in(pages_[0], "promster_targets_handing_over") == "0";
    return quiet && pages_.size() == nodes_.size() && checksums.size() == 1 &&
           std::to_string(counted) == value_in(pages_[0], "promster_targets_discovered");
  }

  // A Prometheus that watches all nodes with the rules of the mixin.
  void start_watcher() {
    std::string config = "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files:\n";
    for (const char* file : {"alerts.yaml", "rules.yaml"}) {
      config += std::string("- " PROMSTER_SOURCE_DIR "/deploy/mixin/rendered/") + file + "\n";
    }
    config += "scrape_configs:\n- job_name: promster\n  static_configs:\n  - targets:\n";
    for (const Node& node : nodes_) config += "    - \"" + node.web_url().substr(7) + "\"\n";
    const std::string file = dir_.path() + "/watcher.yml";
    ASSERT_TRUE(replace_file(file, config));
    ASSERT_TRUE(fs::create_directory(dir_.path() + "/watcher"));
    auto server = PrometheusServer::start({.dir = dir_.path() + "/watcher", .config_file = file});
    ASSERT_TRUE(server) << server.error().message;
    watcher_ = std::make_unique<PrometheusServer>(std::move(*server));
  }

  // The value of a query that has one sample with the service of the nodes; -1 for another answer.
  double of_service(const std::string& expr) {
    PrometheusApi api({.url = watcher_->url()});
    const auto samples = api.query(expr);
    if (!samples || samples->size() != 1) return -1;
    const std::string* service = samples->front().labels.find("service");
    const bool ours = service != nullptr && *service == "s";
    return ours ? samples->front().value : -1;
  }

  TempDir dir_;
  std::unique_ptr<EtcdServer> etcd_;
  std::unique_ptr<Etcd> client_;
  std::unique_ptr<Generator> generator_;
  std::unique_ptr<TargetRegistrar> registrar_;
  std::vector<Node> nodes_;
  std::unique_ptr<PrometheusServer> watcher_;
  HttpClient http_;
  const MetricReferences reference_ = read_metric_references();
  std::vector<std::string> pages_;
  std::set<std::string> seen_;
  std::int64_t lease_ = 0;
  int changes_ = 0;
  int reads_ = 0;
};

TEST_F(MetricsLiveTest, PromtoolHasNothingToSayAndTheReferenceSaysAll) {
  ASSERT_TRUE(client_->put("/t/app/http:__no-address", "", 0));
  start_node("node-1");
  const auto first = wait_for("the first node to count", kLong, [&] { return settled(); });
  ASSERT_TRUE(first) << first.error().message << log_tail(nodes_[0].log_path(), 20);
  start_node("node-2");
  // The sibling takes targets over while others come and go.
  const auto handed = wait_for("the sibling to take over", kLong, [&] {
    change_targets();
    read();
    return pages_.size() == 2 &&
           value_in(pages_[1], "promster_target_moves_total{direction=\"in\"}") != "0" &&
           pages_[0].find("\npromster_foreign_target{") != std::string::npos;
  });
  ASSERT_TRUE(handed) << handed.error().message << log_tail(nodes_[1].log_path(), 20);
  const auto agreed = wait_for("the nodes to agree", kLong, [&] { return settled(); });
  EXPECT_TRUE(agreed) << agreed.error().message << "\n" << pages_[0];
  EXPECT_EQ(value_in(pages_[0], "promster_shard_replicas"), "1");
  EXPECT_NE(pages_[0].find("\npromster_info{algorithm=\"bounded\",node=\"" + nodes_[0].address() +
                           "\",service=\"s\"} 1\n"),
            std::string::npos);
  etcd_->kill();
  const auto lost = wait_for("etcd to be missed", kLong, [&] {
    read();
    const std::string age =
        value_in(pages_[0], "promster_registry_age_seconds{cluster=\"registry\"}");
    return std::stod("0" + age) > 0;
  });
  EXPECT_TRUE(lost) << lost.error().message;
  const auto failed = wait_for("calls to have failed", kLong, [&] {
    read();
    return seen_.contains("promster_etcd_request_failures_total");
  });
  EXPECT_TRUE(failed) << failed.error().message;
  ASSERT_TRUE(etcd_->restart());
  const auto back = wait_for("etcd to be watched again", kLong, [&] {
    read();
    return value_in(pages_[0], "promster_registry_age_seconds{cluster=\"registry\"}") == "0";
  });
  EXPECT_TRUE(back) << back.error().message;
  for (const auto& [name, metric] : reference_) {
    EXPECT_TRUE(seen_.contains(name)) << name << " was never seen";
  }
  EXPECT_GT(reads_, 20);
}

TEST_F(MetricsLiveTest, TheRulesOfTheMixinJoinWhatNodesServe) {
  start_node("node-1");
  start_node("node-2");
  const auto both = wait_for("the nodes to agree", kLong, [&] { return settled(); });
  ASSERT_TRUE(both) << both.error().message;
  start_watcher();
  const auto counted = wait_for("the sum of the service", kLong, [&] {
    return of_service("service:promster_targets_counted:sum") == kTargets;
  });
  EXPECT_TRUE(counted) << counted.error().message << log_tail(watcher_->log_path(), 20);
  EXPECT_EQ(of_service("service:promster_nodes:count"), 2);
  EXPECT_EQ(of_service("service:promster_members:max"), 2);
  EXPECT_EQ(of_service("service:promster_assignment_checksums:count"), 1);
  // Some may be pending for as long as not all nodes were scraped once.
  const auto quiet = wait_for("no alert, not even a pending one", kLong, [&] {
    const auto alerts = query_value(watcher_->url(), "count(ALERTS) or vector(0)");
    return alerts && *alerts == 0;
  });
  EXPECT_TRUE(quiet) << quiet.error().message;
  registrar_.reset();  // all targets go at once: they are held, and the service has none
  const auto told = wait_for("the hold to be told of", kLong, [&] {
    return of_service("count by (service) (ALERTS{alertname=\"PromsterTargetsHeld\"})") == 2;
  });
  EXPECT_TRUE(told) << told.error().message;
}

// The supervisor starts it again, and the agent sees it.
TEST_F(MetricsLiveTest, ARestartOfPrometheusIsCounted) {
  start_node("node-1");
  ASSERT_TRUE(nodes_[0].wait_until_ready(kLong)) << log_tail(nodes_[0].log_path(), 20);
  read();
  ASSERT_EQ(pages_.size(), 1u);
  EXPECT_EQ(value_in(pages_[0], "promster_prometheus_restarts_total"), "0");
  const std::string key = "msg=started process=prometheus pid=";
  const std::string log = *read_file(nodes_[0].log_path());
  const std::size_t at = log.rfind(key);
  ASSERT_NE(at, log.npos) << log;
  ASSERT_EQ(::kill(std::stoi(log.substr(at + key.size())), SIGKILL), 0);
  const auto counted = wait_for("the restart to be counted", kLong, [&] {
    read();
    return value_in(pages_[0], "promster_prometheus_restarts_total") == "1";
  });
  EXPECT_TRUE(counted) << counted.error().message << log_tail(nodes_[0].log_path(), 20);
}

}  // namespace
}  // namespace promster
