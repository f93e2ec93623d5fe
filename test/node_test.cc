// One real node, with a real etcd and a real Prometheus under it: what a change of targets does and
// does not do, and what a refused configuration leaves behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/process.h"
#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/hierarchy.h"
#include "cluster/node.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "prom/http_client.h"
#include "prom/prometheus_api.h"

namespace promster {
namespace {

constexpr Duration kLong = std::chrono::seconds(60);

class NodeTest : public ::testing::Test {
 protected:
  NodeTest() : dir_(TempDir::make("node-test").value()) {
    auto server = EtcdServer::start({.dir = dir_.path()});
    EXPECT_TRUE(server) << server.error().message;
    etcd_ = std::make_unique<EtcdServer>(std::move(*server));
    connect();
  }

  void connect() { client_ = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}}); }

  Node start(Environment more = {}) {
    Environment environment{{"SCRAPE_ETCD_PATH", "/t"}, {"REGISTRY_ETCD_URL", etcd_->endpoint()},
                            {"REGISTRY_SERVICE", "s"},  {"REGISTRY_TTL", "5"},
                            {"SCRAPE_INTERVAL", "1s"},  {"EVALUATION_INTERVAL", "1s"}};
    environment.insert(environment.end(), more.begin(), more.end());
    auto node = Node::start({.binary = PROMSTER_BINARY,
                             .name = "node",
                             .dir = dir_.path(),
                             .environment = environment});
    EXPECT_TRUE(node) << node.error().message;
    return std::move(*node);
  }

  void put_target(int i) {
    const auto put = client_->put("/t/app/127.0.0.1:" + std::to_string(40'000 + i), "", 0);
    ASSERT_TRUE(put) << put.error().message;
  }

  // A lease for keys that are to vanish together.
  std::int64_t lease() {
    if (lease_ == 0) lease_ = client_->grant(std::chrono::minutes(10)).value().id;
    return lease_;
  }

  // The keys of targets that are up go at once, and the node holds them.
  void hold(Node& node, const Generator& generator) {
    for (const std::string& target : generator.addresses()) {
      ASSERT_TRUE(client_->put("/t/app/" + target, "", lease()));
    }
    ASSERT_TRUE(node.wait_until_ready(kLong)) << log_tail(node.log_path(), 20);
    PrometheusApi prometheus({.url = node.prometheus_url()});
    const auto up = wait_for("the targets to be up", kLong, [&] {
      const auto targets = prometheus.active_targets();
      return targets && std::ranges::count_if(*targets, [](const ActiveTarget& target) {
                          return target.job == "/metrics" && target.health == "up";
                        }) == static_cast<long>(generator.addresses().size());
    });
    ASSERT_TRUE(up) << up.error().message;
    ASSERT_TRUE(client_->revoke(lease()));
    const auto held = wait_for("the hold to be told of", kLong, [&] {
      const auto answer = http_.get(node.web_url() + "/-/ready");
      return answer && answer->body.find("held") != std::string::npos;
    });
    ASSERT_TRUE(held) << held.error().message << log_tail(node.log_path(), 20);
  }

  // What promster confirm says on the machine of the node, and its exit code.
  std::string confirm(const Node& node) {
    const std::string output = dir_.file("confirm");
    std::ofstream(output).close();  // of the last time
    const std::string listens = node.web_url().substr(std::string("http://").size());
    auto process =
        Process::start({.argv = {PROMSTER_BINARY, "confirm", "--web.listen-address=" + listens},
                        .output_path = output});
    if (!process) return process.error().message;
    const auto status = process->wait(kLong);
    const auto said = read_file(output);
    return (said ? *said : "") + ", exit " + (status ? std::to_string(status->code) : "none");
  }

  std::string file(const Node& node, const std::string& name) {
    const auto content = read_file(node.config_dir() + "/" + name);
    return content ? *content : "";
  }
  bool in_file(const Node& node, int i) {
    return file(node, "sd/targets.json").find(std::to_string(40'000 + i)) != std::string::npos;
  }

  // The value of a series, as a page of metrics writes it; empty where it is not there.
  std::string metric(const std::string& base_url, const std::string& series) {
    const auto page = http_.get(base_url + "/metrics");
    if (!page) return "";
    const std::size_t found = page->body.find("\n" + series + " ");
    if (found == std::string::npos) return "";
    const std::size_t start = found + series.size() + 2;
    return page->body.substr(start, page->body.find('\n', start) - start);
  }
  std::string writes(const Node& node) {
    return metric(node.web_url(), "promster_file_writes_total{file=\"sd/targets.json\"}");
  }
  std::string reloaded_at(const Node& node) {
    return metric(node.prometheus_url(), "prometheus_config_last_reload_success_timestamp_seconds");
  }

  TempDir dir_;
  std::unique_ptr<EtcdServer> etcd_;
  std::unique_ptr<Etcd> client_;
  HttpClient http_;
  std::int64_t lease_ = 0;
};

TEST_F(NodeTest, AChangeOfTargetsIsOneWriteAndNoReload) {
  for (int i = 0; i < 1000; ++i) put_target(i);
  Node node = start();
  ASSERT_TRUE(node.wait_until_ready(kLong)) << log_tail(node.log_path(), 20);
  EXPECT_TRUE(in_file(node, 0) && in_file(node, 999));
  const std::string reloaded = reloaded_at(node);
  ASSERT_NE(reloaded, "");
  const int writes_before = std::stoi(writes(node));
  put_target(1000);
  const auto there = wait_for("the target in the file", kLong, [&] { return in_file(node, 1000); });
  ASSERT_TRUE(there) << there.error().message;
  const auto counted = wait_for("the write to be counted", kLong,
                                [&] { return writes(node) == std::to_string(writes_before + 1); });
  EXPECT_TRUE(counted) << counted.error().message << ", but " << writes(node);
  // Prometheus takes it up by itself, within its own two discovery ticks.
  PrometheusApi prometheus({.url = node.prometheus_url()});
  const auto taken_up = wait_for("the target in Prometheus", kLong, [&] {
    const auto targets = prometheus.active_targets();
    return targets && std::ranges::any_of(*targets, [](const ActiveTarget& target) {
             return target.instance == "127.0.0.1:41000";
           });
  });
  EXPECT_TRUE(taken_up) << taken_up.error().message;
  EXPECT_EQ(reloaded_at(node), reloaded);
  EXPECT_EQ(writes(node), std::to_string(writes_before + 1));
}

TEST_F(NodeTest, ARuleThatPromtoolRefusesLeavesTheOldFiles) {
  put_target(1);
  const Environment good{{"RECORD_RULE_1_NAME", "a:b"}, {"RECORD_RULE_1_EXPR", "sum(up)"}};
  const Environment bad{{"RECORD_RULE_1_NAME", "a:b"}, {"RECORD_RULE_1_EXPR", "sum(up"}};
  std::string config, rules;
  {
    Node node = start(good);
    ASSERT_TRUE(node.wait_until_ready(kLong)) << log_tail(node.log_path(), 20);
    config = file(node, "prometheus.yml");
    rules = file(node, "rules.yml");
    EXPECT_NE(rules.find("a:b"), std::string::npos);
    EXPECT_EQ(node.process().stop()->code, 0);
  }
  Node node = start(bad);
  std::string ready;
  const auto told = wait_for("the refusal in /-/ready", kLong, [&] {
    const auto answer = http_.get(node.web_url() + "/-/ready");
    ready = answer ? answer->body : "";
    return answer && answer->status == 503 && ready.find("promtool") != std::string::npos;
  });
  ASSERT_TRUE(told) << ready << log_tail(node.log_path(), 20);
  EXPECT_NE(ready.find("unclosed left parenthesis"), std::string::npos) << ready;
  EXPECT_EQ(file(node, "prometheus.yml"), config);
  EXPECT_EQ(file(node, "rules.yml"), rules);
  const auto log = read_file(node.log_path());
  ASSERT_TRUE(log);
  EXPECT_NE(log->find("unclosed left parenthesis"), std::string::npos);
  const auto scraping = wait_for("Prometheus to run the old rules", kLong,
                                 [&] { return query_value(node.prometheus_url(), "a:b").ok(); });
  EXPECT_TRUE(scraping) << scraping.error().message;
}

TEST_F(NodeTest, AFirstRuleThatPromtoolRefusesStillLeavesAPrometheusThatScrapes) {
  put_target(1);
  Node node = start({{"RECORD_RULE_1_NAME", "a:b"}, {"RECORD_RULE_1_EXPR", "sum("}});
  PrometheusApi prometheus({.url = node.prometheus_url()});
  const auto scraping = wait_for("the target in Prometheus", kLong, [&] {
    const auto targets = prometheus.active_targets();
    return targets && std::ranges::any_of(*targets, [](const ActiveTarget& target) {
             return target.instance == "127.0.0.1:40001";
           });
  });
  ASSERT_TRUE(scraping) << scraping.error().message << log_tail(node.log_path(), 20);
  const auto ready = http_.get(node.web_url() + "/-/ready");
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->status, 503);
  EXPECT_NE(ready->body.find("promtool"), std::string::npos) << ready->body;
}

TEST_F(NodeTest, ACleanStopGivesTheKeyBack) {
  Node node = start();
  ASSERT_TRUE(node.wait_until_ready(kLong)) << log_tail(node.log_path(), 20);
  const auto registered = client_->range({.prefix = "/registry/s/"});
  ASSERT_TRUE(registered);
  ASSERT_EQ(registered->entries.size(), 1u);
  EXPECT_EQ(registered->entries[0].key, "/registry/s/" + node.address());
  const auto ended = node.process().stop();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0) << log_tail(node.log_path(), 20);
  EXPECT_TRUE(client_->range({.prefix = "/registry/s/"})->entries.empty());
  EXPECT_NE(file(node, "sd/targets.json"), "") << "the files stay for the next start";
}

TEST_F(NodeTest, ALostEtcdStopsNothing) {
  put_target(1);
  Node node = start();
  ASSERT_TRUE(node.wait_until_ready(kLong)) << log_tail(node.log_path(), 20);
  const std::string before = file(node, "sd/targets.json");
  etcd_->kill();
  const auto noticed = wait_for("the loss to be noticed", kLong, [&] {
    return metric(node.web_url(), "promster_etcd_up{cluster=\"scrape\"}") == "0";
  });
  EXPECT_TRUE(noticed) << noticed.error().message;
  EXPECT_EQ(http_.get(node.web_url() + "/-/ready")->status, 200);
  EXPECT_EQ(file(node, "sd/targets.json"), before);
  ASSERT_TRUE(etcd_->restart());
  connect();
  put_target(2);
  const auto back =
      wait_for("the next target in the file", kLong, [&] { return in_file(node, 2); });
  EXPECT_TRUE(back) << back.error().message << log_tail(node.log_path(), 20);
}

// It is read at a start only.
TEST_F(NodeTest, AChangeOfTheFileOfSettingsIsTold) {
  const std::string settings = dir_.file("promster.yml");
  std::ofstream(settings) << "shard.slack: 0.2\n";
  Node node = start({{"PROMSTER_CONFIG_FILE", settings}});
  ASSERT_TRUE(node.wait_until_ready(kLong)) << log_tail(node.log_path(), 20);
  std::ofstream(settings) << "shard.slack: 0.25\n";
  const auto told = wait_for("a word in the log", kLong, [&] {
    const auto log = read_file(node.log_path());
    return log && log->find("the file of settings changed") != log->npos &&
           log->find(settings) != log->npos;
  });
  EXPECT_TRUE(told) << told.error().message << log_tail(node.log_path(), 20);
}

// The keys of all targets go at once: those that are up are scraped on, until somebody confirms.
TEST_F(NodeTest, TargetsThatVanishTogetherAreHeldWhileTheyAreUp) {
  const auto generator = Generator::start({.count = 8}).value();
  Node node = start();
  hold(node, *generator);
  const std::string first = generator->addresses().front();
  EXPECT_NE(file(node, "sd/targets.json").find(first), std::string::npos);
  const auto gone = [&] { return file(node, "sd/targets.json").find(first) == std::string::npos; };
  EXPECT_FALSE(wait_for("a drop", std::chrono::seconds(5), gone));
  node.process().signal(SIGUSR1);
  const auto dropped = wait_for("the drop, confirmed", kLong, gone);
  EXPECT_TRUE(dropped) << dropped.error().message << log_tail(node.log_path(), 20);
}

// The agent that it tells runs under a supervisor of the same name.
TEST_F(NodeTest, ConfirmLetsGoWhatIsHeld) {
  const auto generator = Generator::start({.count = 8}).value();
  Node node = start();
  hold(node, *generator);
  EXPECT_EQ(confirm(node), "8 targets were held, and are let go\n, exit 0");
  EXPECT_EQ(confirm(node), "nothing is held\n, exit 0");
  const auto dropped = wait_for("the drop, confirmed", kLong, [&] {
    const std::string targets = file(node, "sd/targets.json");
    return std::ranges::none_of(generator->addresses(), [&](const std::string& target) {
      return targets.find(target) != std::string::npos;
    });
  });
  EXPECT_TRUE(dropped) << dropped.error().message << log_tail(node.log_path(), 20);
  EXPECT_TRUE(http_.get(node.prometheus_url() + "/-/ready"));
}

TEST_F(NodeTest, TargetsThatVanishTogetherAreLetGoWhenTheyAreDown) {
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(client_->put("/t/app/127.0.0.1:" + std::to_string(40'000 + i), "", lease()));
  }
  Node node = start();
  ASSERT_TRUE(node.wait_until_ready(kLong)) << log_tail(node.log_path(), 20);
  ASSERT_TRUE(client_->revoke(lease()));
  const auto dropped = wait_for("the drop", kLong, [&] { return !in_file(node, 0); });
  EXPECT_TRUE(dropped) << dropped.error().message << log_tail(node.log_path(), 20);
}

}  // namespace
}  // namespace promster
