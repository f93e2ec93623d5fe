// The example of the original's documentation (flaviostutz/promster, README.md) as local processes:
// its environment blocks, with nothing changed but addresses and ports.

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <optional>

#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/hierarchy.h"
#include "cluster/target_registrar.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

using std::chrono::seconds;

constexpr int kTargets = 20;

Environment level1(const std::string& etcd) {
  return {{"LOG_LEVEL", "info"},
          {"REGISTRY_ETCD_URL", etcd},
          {"REGISTRY_ETCD_BASE", "/registry"},
          {"REGISTRY_SERVICE", "prom-level1"},
          {"REGISTRY_TTL", "5"},
          {"SCRAPE_ETCD_URL", etcd},
          {"SCRAPE_ETCD_PATH", "/webservers/generator"},
          {"SCRAPE_INTERVAL", "5s"},
          {"SCRAPE_TIMEOUT", "3s"},
          {"RETENTION_TIME", "30m"},
          {"EVALUATION_INTERVAL", "20s"},
          {"SCHEME", "http"},
          {"TLS_INSECURE", "false"},
          {"RECORD_RULE_1_NAME", "level1:http_requests_app_total:irate"},
          {"RECORD_RULE_1_EXPR",
           "sum(irate(http_requests_app_total[2m])) without (job,server_name,instance)"},
          {"RECORD_RULE_1_LABELS", "site:s1,region:b1"}};
}

Environment level2(const std::string& etcd) {
  return {
      {"LOG_LEVEL", "info"},
      {"REGISTRY_ETCD_URL", etcd},
      {"REGISTRY_ETCD_BASE", "/registry"},
      {"REGISTRY_SERVICE", "prom-level2"},
      {"REGISTRY_TTL", "5"},
      {"SCRAPE_ETCD_URL", etcd},
      {"SCRAPE_ETCD_PATH", "/registry/prom-level1"},
      {"SCRAPE_PATHS", "/federate"},
      {"SCRAPE_MATCH_REGEX", "level1:.*"},
      {"SCRAPE_INTERVAL", "5s"},
      {"SCRAPE_TIMEOUT", "3s"},
      {"RETENTION_TIME", "30m"},
      {"EVALUATION_INTERVAL", "20s"},
      {"SCHEME", "http"},
      {"TLS_INSECURE", "false"},
      {"RECORD_RULE_1_NAME", "level2:http_requests_app_total:irate"},
      {"RECORD_RULE_1_EXPR", "sum(level1:http_requests_app_total:irate) without (job,instance)"},
      {"RECORD_RULE_2_NAME", "total:http_requests_app_total:irate"},
      {"RECORD_RULE_2_EXPR", "sum(level1:http_requests_app_total:irate)"}};
}

Environment level3(const std::string& etcd) {
  return {
      {"LOG_LEVEL", "info"},
      {"REGISTRY_ETCD_URL", etcd},
      {"REGISTRY_ETCD_BASE", "/registry"},
      {"REGISTRY_SERVICE", "prom-level3"},
      {"REGISTRY_TTL", "5"},
      {"SCRAPE_ETCD_URL", etcd},
      {"SCRAPE_ETCD_PATH", "/registry/prom-level2"},
      {"SCRAPE_PATHS", "/federate"},
      {"SCRAPE_MATCH_REGEX", "level2:.*"},
      {"SCRAPE_SHARD_ENABLE", "false"},
      {"SCRAPE_INTERVAL", "5s"},
      {"SCRAPE_TIMEOUT", "3s"},
      {"RETENTION_TIME", "30m"},
      {"EVALUATION_INTERVAL", "20s"},
      {"SCHEME", "http"},
      {"TLS_INSECURE", "false"},
      {"RECORD_RULE_1_NAME", "level3:http_requests_app_total:irate"},
      {"RECORD_RULE_1_EXPR", "sum(level2:http_requests_app_total:irate) without (job,instance)"},
      {"RECORD_RULE_2_NAME", "total:http_requests_app_total:irate"},
      {"RECORD_RULE_2_EXPR", "sum(level2:http_requests_app_total:irate)"}};
}

// An etcd with twenty registered targets, and nodes above them.
struct Example {
  static std::unique_ptr<Example> start(std::string& error);

  bool add_level(const std::string& name, int nodes, Environment environment, std::string& error) {
    const auto added =
        hierarchy->add_level({.name = name, .nodes = nodes, .environment = std::move(environment)});
    if (!added) error = added.error().message;
    return added.ok();
  }

  TempDir dir;
  EtcdServer etcd;
  std::unique_ptr<Generator> generator;
  std::optional<TargetRegistrar> registrar;
  std::optional<Hierarchy> hierarchy;
};

std::unique_ptr<Example> Example::start(std::string& error) {
  auto dir = TempDir::make("promster-levels-test");
  if (!dir) return error = dir.error().message, nullptr;
  auto etcd = EtcdServer::start({.dir = dir->path()});
  if (!etcd) return error = etcd.error().message, nullptr;
  auto generator = Generator::start({.count = kTargets});
  if (!generator) return error = generator.error().message, nullptr;
  std::unique_ptr<Example> example(new Example{
      .dir = std::move(*dir), .etcd = std::move(*etcd), .generator = std::move(*generator)});
  example->registrar.emplace(
      TargetRegistrarOptions{.etcd = {.endpoints = {example->etcd.endpoint()}},
                             .prefix = "/webservers/generator",
                             .addresses = example->generator->addresses()});
  example->hierarchy.emplace(
      HierarchyOptions{.binary = PROMSTER_BINARY, .dir = example->dir.path()});
  return example;
}

// Every node of the level scrapes what the rules say.
Result<void> check_census(Example& example, std::size_t level,
                          const std::vector<std::string>& targets, const CensusRules& rules) {
  const auto scraped = example.hierarchy->scraped(level);
  if (!scraped) return scraped.error();
  std::string all;
  for (const std::string& wrong : census(targets, *scraped, rules)) all += "\n  " + wrong;
  if (all.empty()) return {};
  return Error{all};
}

testing::AssertionResult holds_within(Example& example, std::size_t level,
                                      const std::vector<std::string>& targets,
                                      const CensusRules& rules, Duration most) {
  const std::function<Result<void>()> census_is_right = [&] {
    return check_census(example, level, targets, rules);
  };
  const auto held = wait_for("the census", most, census_is_right, Duration(250));
  if (held) return testing::AssertionSuccess();
  return testing::AssertionFailure() << held.error().message << "\n"
                                     << example.hierarchy->log_tails(10);
}

class ThreeLevels : public testing::Test {
 protected:
  // The levels take a minute to fill, so that all tests look at the same ones.
  static void SetUpTestSuite() {
    std::string error;
    example_ = Example::start(error).release();
    const bool started =
        example_ != nullptr &&
        example_->add_level("level1", 5, level1(example_->etcd.endpoint()), error) &&
        example_->add_level("level2", 2, level2(example_->etcd.endpoint()), error) &&
        example_->add_level("level3", 1, level3(example_->etcd.endpoint()), error);
    ASSERT_TRUE(started) << error;
  }
  static void TearDownTestSuite() {
    delete example_;
    example_ = nullptr;
  }
  void SetUp() override { ASSERT_NE(example_, nullptr); }

  static Example* example_;
};
Example* ThreeLevels::example_ = nullptr;

TEST_F(ThreeLevels, FiveNodesShareTwentyTargetsAndNoneHasMoreThanFive) {
  EXPECT_TRUE(holds_within(*example_, 0, example_->generator->addresses(),
                           {.owners = 1, .capacity = 5}, seconds(40)));
}

TEST_F(ThreeLevels, TwoNodesShareFiveServersTwoAndThree) {
  EXPECT_TRUE(holds_within(*example_, 1, example_->hierarchy->addresses(0),
                           {.owners = 1, .capacity = 3}, seconds(40)));
}

TEST_F(ThreeLevels, TheTopFederatesAllOfTheLevelBelow) {
  EXPECT_TRUE(
      holds_within(*example_, 2, example_->hierarchy->addresses(1), {.owners = 0}, seconds(40)));
}

TEST_F(ThreeLevels, TheTotalAtTheTopIsWithinOnePercentOfTheTruth) {
  const std::string top = example_->hierarchy->nodes(2).front().prometheus_url();
  const double truth = example_->generator->total_rate();
  const std::function<Result<void>()> total_is_right = [&]() -> Result<void> {
    const auto total = query_value(top, "total:http_requests_app_total:irate");
    if (!total) return total.error();
    if (std::abs(*total - truth) <= 0.01 * truth) return {};
    return Error{std::to_string(*total) + " instead of " + std::to_string(truth)};
  };
  // Three evaluations of 20 s each stand between a scrape and the total.
  const auto right = wait_for("the total", seconds(150), total_is_right, Duration(250));
  EXPECT_TRUE(right) << right.error().message << "\n" << example_->hierarchy->log_tails(10);
}

TEST_F(ThreeLevels, LabelsOfTheRulesReachTheTop) {
  const std::string top = example_->hierarchy->nodes(2).front().prometheus_url();
  const std::function<Result<void>()> labelled = [&]() -> Result<void> {
    const auto series =
        query_value(top, R"(sum(level2:http_requests_app_total:irate{site="s1",region="b1"}))");
    if (!series) return series.error();
    return {};
  };
  const auto found = wait_for("the labels", seconds(60), labelled, Duration(250));
  EXPECT_TRUE(found) << found.error().message;
}

// Which the rules keep: the original's example has none `without (prsn)`.
TEST_F(ThreeLevels, TheServiceOfTheTargetsReachesTheTop) {
  const std::string top = example_->hierarchy->nodes(2).front().prometheus_url();
  const std::function<Result<void>()> kept = [&]() -> Result<void> {
    const auto series = query_value(
        top,
        R"(sum(level2:http_requests_app_total:irate{prsn="generator",exported_prsn="generator"}))");
    if (!series) return series.error();
    return {};
  };
  const auto found = wait_for("the service", seconds(60), kept, Duration(250));
  EXPECT_TRUE(found) << found.error().message;
  EXPECT_FALSE(query_value(top, R"(count({exported_exported_prsn!=""}))"));
}

TEST(WithoutSharding, EveryNodeHasEveryTarget) {
  std::string error;
  const auto example = Example::start(error);
  ASSERT_NE(example, nullptr) << error;
  Environment not_sharded = level1(example->etcd.endpoint());
  not_sharded.emplace_back("SCRAPE_SHARD_ENABLE", "false");
  ASSERT_TRUE(example->add_level("level1", 2, not_sharded, error)) << error;
  EXPECT_TRUE(
      holds_within(*example, 0, example->generator->addresses(), {.owners = 0}, seconds(40)));
}

TEST(WithoutARegistry, EveryNodeHasEveryTarget) {
  std::string error;
  const auto example = Example::start(error);
  ASSERT_NE(example, nullptr) << error;
  Environment alone = level1(example->etcd.endpoint());
  std::erase_if(alone, [](const auto& pair) { return pair.first.starts_with("REGISTRY_"); });
  ASSERT_TRUE(example->add_level("level1", 2, alone, error)) << error;
  EXPECT_TRUE(
      holds_within(*example, 0, example->generator->addresses(), {.owners = 0}, seconds(40)));
}

}  // namespace
}  // namespace promster
