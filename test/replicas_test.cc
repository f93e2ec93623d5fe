// Two nodes scrape each target: a plain sum counts it twice, and the rule that docs/replicas.md
// gives counts it once.
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <utility>

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
          {"REGISTRY_SERVICE", "level1"},
          {"SCRAPE_ETCD_PATH", "/webservers/generator"},
          {"SCRAPE_INTERVAL", "1s"},
          {"EVALUATION_INTERVAL", "1s"},
          {"PROMSTER_SHARD_REPLICAS", "2"},
          {"RECORD_RULE_1_NAME", "level1:requests:rate"},
          {"RECORD_RULE_1_EXPR", "sum by (instance) (rate(http_requests_app_total[10s]))"}};
}

using Rule = std::pair<std::string, std::string>;

// A level that federates the one that is called `below`.
Environment above(const std::string& below, const std::string& etcd, const Rule& first,
                  const Rule& second) {
  return {{"REGISTRY_ETCD_URL", etcd},
          {"REGISTRY_SERVICE", "above_" + below},
          {"SCRAPE_ETCD_PATH", "/registry/" + below},
          {"SCRAPE_PATHS", "/federate"},
          {"SCRAPE_MATCH_REGEX", below + ":.*"},
          {"SCRAPE_INTERVAL", "1s"},
          {"EVALUATION_INTERVAL", "1s"},
          {"RECORD_RULE_1_NAME", first.first},
          {"RECORD_RULE_1_EXPR", first.second},
          {"RECORD_RULE_2_NAME", second.first},
          {"RECORD_RULE_2_EXPR", second.second}};
}

TEST(Replicas, TheRuleOfTheDocumentsCountsEachTargetOnce) {
  const TempDir dir = TempDir::make("replicas").value();
  EtcdServer etcd = EtcdServer::start({.dir = dir.path()}).value();
  const auto generator = Generator::start({.count = 12}).value();
  const TargetRegistrar registrar({.etcd = {.endpoints = {etcd.endpoint()}},
                                   .prefix = "/webservers/generator",
                                   .addresses = generator->addresses()});
  Hierarchy hierarchy({.binary = PROMSTER_BINARY, .dir = dir.path()});
  ASSERT_TRUE(
      hierarchy.add_level({.name = "level1", .nodes = 3, .environment = level1(etcd.endpoint())}));
  const Rule once{"total:requests:rate", "sum(max by (exported_instance) (level1:requests:rate))"};
  const Rule twice{"twice:requests:rate", "sum(level1:requests:rate)"};
  ASSERT_TRUE(hierarchy.add_level({.name = "level2",
                                   .nodes = 1,
                                   .environment = above("level1", etcd.endpoint(), once, twice)}));
  const std::string top = hierarchy.nodes(1)[0].prometheus_url();
  const auto says = [&](const std::string& series, double wanted) {
    const auto value = query_value(top, series);
    return value && std::abs(*value - wanted) <= 0.01 * wanted;
  };
  const double truth = generator->total_rate();
  const auto right = wait_for("both sums to be as expected", seconds(90), [&] {
    return says("total:requests:rate", truth) && says("twice:requests:rate", 2 * truth);
  });
  ASSERT_TRUE(right) << right.error().message << hierarchy.log_tails(10);
  const auto scraped = hierarchy.scraped(0);
  ASSERT_TRUE(scraped);
  EXPECT_EQ(census(generator->addresses(), *scraped, {.owners = 2, .capacity = 9}),
            std::vector<std::string>{});
  // One of the owners dies, and the sum of the documents does not notice.
  hierarchy.nodes(0)[2].process().kill();
  const auto wrong =
      wait_for("a wrong sum", seconds(15), [&] { return !says("total:requests:rate", truth); });
  EXPECT_FALSE(wrong) << "a replica was missed";
}

// Nodes that share level 1 may federate one copy of a target each, and a sum of what each takes for
// the only one has both.
TEST(Replicas, WhereNodesShareTheLevelBelowTheMaxIsTakenAtTheTop) {
  const TempDir dir = TempDir::make("replicas").value();
  EtcdServer etcd = EtcdServer::start({.dir = dir.path()}).value();
  const std::string& url = etcd.endpoint();
  const auto generator = Generator::start({.count = 12}).value();
  const TargetRegistrar registrar({.etcd = {.endpoints = {url}},
                                   .prefix = "/webservers/generator",
                                   .addresses = generator->addresses()});
  const Rule kept{"above_level1:kept", "max by (exported_instance) (level1:requests:rate)"};
  const Rule summed{"above_level1:summed", "sum(" + kept.second + ")"};
  const Rule total{"total:requests:rate", "sum(max by (exported_instance) (" + kept.first + "))"};
  const Rule early{"early:requests:rate", "sum(" + summed.first + ")"};
  Hierarchy hierarchy({.binary = PROMSTER_BINARY, .dir = dir.path()});
  ASSERT_TRUE(hierarchy.add_level({.name = "level1", .nodes = 3, .environment = level1(url)}));
  ASSERT_TRUE(hierarchy.add_level(
      {.name = "level2", .nodes = 2, .environment = above("level1", url, kept, summed)}));
  ASSERT_TRUE(hierarchy.add_level(
      {.name = "level3", .nodes = 1, .environment = above("above_level1", url, total, early)}));
  const std::string top = hierarchy.nodes(2)[0].prometheus_url();
  const double truth = generator->total_rate();
  const auto right = wait_for("the total, and one that is too high", seconds(90), [&] {
    const auto once = query_value(top, total.first);
    const auto more = query_value(top, early.first);
    return once && more && std::abs(*once - truth) <= 0.01 * truth && *more > 1.2 * truth;
  });
  EXPECT_TRUE(right) << right.error().message << hierarchy.log_tails(10);
}

}  // namespace
}  // namespace promster
