// What docs/explanation/federation.md says of labels: who wins where the node and the series have a
// label of one name, and that an external label of a node stays in a rule that does not name it.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/hierarchy.h"
#include "cluster/target_registrar.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

using std::chrono::seconds;

Environment level1(const std::string& etcd) {
  return {{"REGISTRY_ETCD_URL", etcd},
          {"REGISTRY_SERVICE", "prom-level1"},
          {"SCRAPE_ETCD_PATH", "/webservers/generator"},
          {"SCRAPE_INTERVAL", "1s"},
          {"EVALUATION_INTERVAL", "1s"},
          {"EXTERNAL_LABELS", "node:%{node}"},
          {"RECORD_RULE_1_NAME", "level1:requests:rate"},
          {"RECORD_RULE_1_EXPR",
           "sum without (job, instance, server_name) (rate(http_requests_app_total[10s]))"}};
}

Environment level2(const std::string& etcd) {
  return {{"REGISTRY_ETCD_URL", etcd},
          {"REGISTRY_SERVICE", "prom-level2"},
          {"SCRAPE_ETCD_PATH", "/registry/prom-level1"},
          {"SCRAPE_PATHS", "/federate"},
          {"SCRAPE_MATCH_REGEX", "level1:.*"},
          {"SCRAPE_INTERVAL", "1s"},
          {"EVALUATION_INTERVAL", "1s"},
          {"RECORD_RULE_1_NAME", "level2:a_node:rate"},
          {"RECORD_RULE_1_EXPR", "sum without (job, instance) (level1:requests:rate)"},
          {"RECORD_RULE_2_NAME", "level2:requests:rate"},
          {"RECORD_RULE_2_EXPR", "sum without (job, instance, node) (level1:requests:rate)"}};
}

TEST(Federation, LabelsOfALevelAreAsDocumented) {
  const TempDir dir = TempDir::make("federation").value();
  EtcdServer etcd = EtcdServer::start({.dir = dir.path()}).value();
  const auto generator = Generator::start({.count = 6}).value();
  const TargetRegistrar registrar({.etcd = {.endpoints = {etcd.endpoint()}},
                                   .prefix = "/webservers/generator",
                                   .addresses = generator->addresses()});
  Hierarchy hierarchy({.binary = PROMSTER_BINARY, .dir = dir.path()});
  ASSERT_TRUE(
      hierarchy.add_level({.name = "level1", .nodes = 2, .environment = level1(etcd.endpoint())}));
  ASSERT_TRUE(
      hierarchy.add_level({.name = "level2", .nodes = 1, .environment = level2(etcd.endpoint())}));
  const std::string top = hierarchy.nodes(1)[0].prometheus_url();
  const auto value = [&](const std::string& query) {
    const auto answer = query_value(top, query);
    return answer ? *answer : -1;
  };
  const double truth = generator->total_rate();
  const auto right = wait_for("the total, from both nodes", seconds(60), [&] {
    return std::abs(value("sum(level2:requests:rate)") - truth) <= 0.01 * truth &&
           value("count(count by (instance) (level1:requests:rate))") == 2;
  });
  ASSERT_TRUE(right) << right.error().message << hierarchy.log_tails(10);

  const double kinds = value("count(level2:requests:rate)");
  EXPECT_GT(kinds, 0);
  const auto a_node = wait_for("a sum of each node", seconds(30),
                               [&] { return value("count(level2:a_node:rate)") == 2 * kinds; });
  EXPECT_TRUE(a_node) << "there are " << value("count(level2:a_node:rate)");
  EXPECT_EQ(value("count(level1:requests:rate)"), 2 * kinds) << "each kind from each node";
  EXPECT_EQ(value(R"(count(level1:requests:rate{job="/federate", prsn="generator", )"
                  R"(exported_prsn="generator", node=~".+:.+"}))"),
            2 * kinds);
}

}  // namespace
}  // namespace promster
