// The page of real nodes in a real browser: test/browser/page.test.mjs tells what is done there.
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/process.h"
#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/hierarchy.h"
#include "cluster/target_registrar.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"

namespace promster {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr int kTargets = 20;
constexpr int kNodes = 3;

Environment environment_of(const std::string& etcd, const std::string& service,
                           const std::string& scrapes) {
  return {{"REGISTRY_ETCD_URL", etcd}, {"REGISTRY_SERVICE", service},
          {"REGISTRY_TTL", "5"},       {"SCRAPE_ETCD_PATH", scrapes},
          {"SCRAPE_INTERVAL", "1s"},   {"EVALUATION_INTERVAL", "1s"}};
}

Environment level1(const std::string& etcd) {
  Environment environment = environment_of(etcd, "prom-level1", "/webservers/generator");
  environment.emplace_back("RECORD_RULE_1_NAME", "level1:http_requests_app_total:rate");
  environment.emplace_back("RECORD_RULE_1_EXPR",
                           "sum without (instance) (rate(http_requests_app_total[10s]))");
  return environment;
}

Environment level2(const std::string& etcd) {
  Environment environment = environment_of(etcd, "prom-level2", "/registry/prom-level1");
  environment.emplace_back("SCRAPE_PATHS", "/federate");
  environment.emplace_back("SCRAPE_MATCH_REGEX", "level1:.*");
  return environment;
}

// Two levels above targets that are up, but for one, and a key that is no target.
class PageBrowser : public testing::Test {
 protected:
  PageBrowser()
      : dir_(TempDir::make("page-browser-test").value()),
        etcd_(EtcdServer::start({.dir = dir_.path()}).value()),
        generator_(Generator::start({.count = kTargets}).value()),
        hierarchy_({.binary = PROMSTER_BINARY, .dir = dir_.path()}) {}

  void SetUp() override {
    if (std::string(PROMSTER_BROWSER).empty()) {
      GTEST_SKIP() << "no chromium, or no npm when it was configured; try: scripts/packages test";
    }
    TargetRegistrarOptions registrar{.etcd = {.endpoints = {etcd_.endpoint()}},
                                     .prefix = "/webservers/generator",
                                     .addresses = generator_->addresses()};
    registrar_.emplace(std::move(registrar));
    const auto client = make_etcd_client({.settings = {.endpoints = {etcd_.endpoint()}}});
    ASSERT_TRUE(client->put("/webservers/generator/127.0.0.1:9", "{}", 0));
    ASSERT_TRUE(client->put("/webservers/generator/no-port", "{}", 0));
    start("prom-level1", kNodes, level1(etcd_.endpoint()));
    start("prom-level2", 1, level2(etcd_.endpoint()));
    const auto ready = hierarchy_.wait_until_ready(seconds(60));
    ASSERT_TRUE(ready) << ready.error().message << hierarchy_.log_tails(10);
  }

  void start(const std::string& name, int nodes, Environment environment) {
    const auto added =
        hierarchy_.add_level({.name = name, .nodes = nodes, .environment = std::move(environment)});
    ASSERT_TRUE(added) << added.error().message;
  }

  // The argument of page.test.mjs.
  std::string setup() {
    json nodes = json::array();
    for (Node& node : hierarchy_.nodes(0)) {
      nodes.push_back(
          {{"name", node.address()}, {"url", node.web_url()}, {"pid", node.process().pid()}});
    }
    return json{{"nodes", nodes},
                {"etcd_pid", etcd_.pid()},
                {"target", generator_->addresses()[7]},
                {"up", kTargets},
                {"browser", PROMSTER_BROWSER},
                {"pictures", PROMSTER_BINARY_DIR "/pictures"},
                {"record", PROMSTER_BINARY_DIR "/openapi-answers"}}
        .dump();
  }

  TempDir dir_;
  EtcdServer etcd_;
  std::unique_ptr<Generator> generator_;
  std::optional<TargetRegistrar> registrar_;
  Hierarchy hierarchy_;
};

TEST_F(PageBrowser, IsSearchedFollowedAndLiveByKeyboardAndOnABadDay) {
  const auto run =
      run_program({"node", PROMSTER_BINARY_DIR "/browser/page.test.mjs", setup()}, seconds(280));
  ASSERT_TRUE(run) << run.error().message << hierarchy_.log_tails(10);
  std::cout << run->text;
  EXPECT_EQ(run->status.code, 0) << run->text << hierarchy_.log_tails(10);
}

}  // namespace
}  // namespace promster
