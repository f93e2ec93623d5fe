// The variables and flags of the original promster, each by itself: what it puts into the files
// that Prometheus reads, or into etcd, or changes of a node that runs.
// docs/reference/compatibility.md names these tests.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/process.h"
#include "cluster/etcd_server.h"
#include "cluster/node.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "etcd/etcdctl_for_test.h"
#include "prom/http_client.h"

namespace promster {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

constexpr Duration kPatience{60'000};

EtcdServer start_etcd(const TempDir& dir) {
  auto server = EtcdServer::start({.dir = dir.path()});
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

std::unique_ptr<Etcd> connect(const EtcdServer& etcd) {
  return make_etcd_client({.settings = {.endpoints = {etcd.endpoint()}}});
}

void put(const EtcdServer& etcd, const std::string& key) {
  const auto done = connect(etcd)->put(key, "", 0);
  ASSERT_TRUE(done) << done.error().message;
}

// What `promster render` prints.
std::string render(const Environment& environment, const Strings& flags) {
  Strings command{"env"};
  for (const auto& [name, value] : environment) command.push_back(name + "=" + value);
  command.insert(command.end(), {PROMSTER_BINARY, "render"});
  command.insert(command.end(), flags.begin(), flags.end());
  const auto ran = run_program(command, kPatience);
  if (!ran) return ran.error().message;
  EXPECT_EQ(ran->status.code, 0) << ran->text;
  return ran->text;
}

constexpr const char* kOther = "the other etcd";

struct Variable {
  const char* name;
  const char* flag;
  const char* value;
  Strings has{};    // in what is written where it is set, and only there
  Strings lacks{};  // and what is not
};

void PrintTo(const Variable& variable, std::ostream* out) {
  *out << variable.name << "=" << variable.value;
}

std::string name_of(const ::testing::TestParamInfo<Variable>& info) {
  return info.param.name;
}

class WrittenTest : public ::testing::Test {
 protected:
  WrittenTest() {
    for (const char* key : {"/t/a/10.0.0.1:80", "/tt/b/10.0.0.2:80", "/u/c/10.0.0.3:80"}) {
      put(etcd_, key);
    }
  }

  // With what every start needs, where that is not given.
  std::string written(Environment environment, const Strings& flags = {}) {
    const Environment least{{"SCRAPE_ETCD_URL", etcd_.endpoint()},
                            {"SCRAPE_ETCD_PATH", "/t/"},
                            {"PROMSTER_REGISTRY_ADVERTISE_ADDRESS", "10.0.0.9:9090"},
                            {"PROMSTER_PROMETHEUS_CONFIG_DIR", dir_.file("config")}};
    environment.insert(environment.begin(), least.begin(), least.end());
    return render(environment, flags);
  }

  TempDir dir_ = *TempDir::make("original-settings");
  EtcdServer etcd_ = start_etcd(dir_);
};

class FilesTest : public WrittenTest, public ::testing::WithParamInterface<Variable> {
 protected:
  FilesTest() { put(other_etcd_, "/t/a/10.0.0.4:80"); }

  std::string value() const {
    const std::string given = GetParam().value;
    return given == kOther ? other_etcd_.endpoint() : given;
  }

  TempDir other_dir_ = *TempDir::make("original-settings");
  EtcdServer other_etcd_ = start_etcd(other_dir_);
};

TEST_P(FilesTest, HaveItByVariableAndByFlag) {
  const std::string without = written({}), by_variable = written({{GetParam().name, value()}});
  for (const std::string& part : GetParam().has) {
    EXPECT_EQ(without.find(part), without.npos) << part << " is there anyway";
    EXPECT_NE(by_variable.find(part), by_variable.npos) << part << "\n" << by_variable;
  }
  for (const std::string& part : GetParam().lacks) {
    EXPECT_EQ(by_variable.find(part), by_variable.npos) << part << "\n" << by_variable;
  }
  const std::string flag = GetParam().flag;
  EXPECT_EQ(written({}, {"--" + flag + "=" + value()}), by_variable);
  EXPECT_EQ(written({}, {"-" + flag, value()}), by_variable);
}

INSTANTIATE_TEST_SUITE_P(
    Original, FilesTest,
    ::testing::Values(
        Variable{"SCHEME", "scheme", "https", {"scheme: \"https\""}},
        Variable{"TLS_INSECURE", "tls-insecure", "true", {"insecure_skip_verify: true"}},
        Variable{"SCRAPE_ETCD_URL", "scrape-etcd-url", kOther, {"10.0.0.4:80"}, {"10.0.0.1:80"}},
        // A raw prefix: without a slash at its end it takes in /tt, too.
        Variable{"SCRAPE_ETCD_PATH", "scrape-etcd-path", "/t", {"10.0.0.2:80"}, {"10.0.0.3:80"}},
        Variable{"SCRAPE_PATHS",
                 "scrape-paths",
                 "/one,/two",
                 {"job_name: \"/one\"", "metrics_path: \"/two\""},
                 {"job_name: \"/metrics\""}},
        Variable{"SCRAPE_MATCH_REGEX", "scrape-match", "a:.*", {R"("{__name__=~\"a:.*\"}")"}},
        Variable{"SCRAPE_INTERVAL", "scrape-interval", "40s", {"scrape_interval: \"40s\""}},
        Variable{"SCRAPE_TIMEOUT", "scrape-timeout", "3s", {"scrape_timeout: \"3s\""}},
        Variable{
            "EVALUATION_INTERVAL", "evaluation-interval", "20s", {"evaluation_interval: \"20s\""}}),
    name_of);

class RuleFileTest : public WrittenTest {};

TEST_F(RuleFileTest, HasTheRulesByNameExpressionAndLabels) {
  const std::string text = written({{"RECORD_RULE_1_NAME", "level1:up:sum"},
                                    {"RECORD_RULE_1_EXPR", "sum(up{job=~\"a|b\"} == 1)"},
                                    {"RECORD_RULE_1_LABELS", "site:s1,region:b1"},
                                    {"RECORD_RULE_2_NAME", "level1:up:max"},
                                    {"RECORD_RULE_2_EXPR", "max(up)"},
                                    {"RECORD_RULE_GUARD", "false"}});
  for (const char* part :
       {"record: \"level1:up:sum\"", R"x(expr: "sum(up{job=~\"a|b\"} == 1)")x",
        "\"region\": \"b1\"\n          \"site\": \"s1\"", "record: \"level1:up:max\""}) {
    EXPECT_NE(text.find(part), text.npos) << part << "\n" << text;
  }
}

// With an original promster beside it, which owns some of these by its ring.
TEST_F(RuleFileTest, WithoutShardingANodeHasEveryTarget) {
  put(etcd_, "/registry/s/10.0.0.8:9090");
  for (int i = 1; i <= 24; ++i) put(etcd_, "/t/a/10.1.0." + std::to_string(i) + ":3000");
  const auto targets = [&](const char* enabled) {
    const std::string text = written({{"REGISTRY_ETCD_URL", etcd_.endpoint()},
                                      {"REGISTRY_SERVICE", "s"},
                                      {"SCRAPE_SHARD_ENABLE", enabled}});
    int count = 0;
    for (auto at = text.find("10.1.0."); at != text.npos; at = text.find("10.1.0.", at + 1)) {
      ++count;
    }
    return count;
  };
  EXPECT_EQ(targets("false"), 24);
  EXPECT_LT(targets("true"), 24);
  EXPECT_EQ(targets(""), targets("true"));
}

// One node of the original's environment, which runs.
class RunningNodeTest : public WrittenTest {
 protected:
  Node start(Environment environment) {
    const Environment more{{"SCRAPE_ETCD_PATH", "/t/"}, {"REGISTRY_ETCD_URL", etcd_.endpoint()}};
    environment.insert(environment.end(), more.begin(), more.end());
    auto node = Node::start({.binary = PROMSTER_BINARY,
                             .name = "node",
                             .dir = dir_.path(),
                             .environment = environment});
    if (!node) throw std::runtime_error(node.error().message);
    EXPECT_TRUE(node->wait_until_ready(kPatience)) << log_tail(node->log_path(), 20);
    return std::move(*node);
  }
};

TEST_F(RunningNodeTest, RegistersWhereAndForHowLongItIsTold) {
  Node node = start(
      {{"REGISTRY_ETCD_BASE", "/elsewhere"}, {"REGISTRY_SERVICE", "svc"}, {"REGISTRY_TTL", "77"}});
  const auto keys = connect(etcd_)->range({.prefix = "/elsewhere/"});
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->entries.size(), 1u);
  EXPECT_EQ(keys->entries[0].key, "/elsewhere/svc/" + node.address());
  const std::string leases = etcdctl(etcd_.endpoint(), {"lease", "list"});
  const std::size_t id = leases.find('\n') + 1;
  const std::string lease = etcdctl(
      etcd_.endpoint(), {"lease", "timetolive", leases.substr(id, leases.find('\n', id) - id)});
  EXPECT_NE(lease.find("granted with TTL(77s)"), lease.npos) << lease;
}

TEST_F(RunningNodeTest, ItsPrometheusKeepsDataForTheRetentionTime) {
  Node node = start({{"REGISTRY_SERVICE", "svc"}, {"RETENTION_TIME", "30m"}});
  const auto flags = HttpClient().get(node.prometheus_url() + "/api/v1/status/flags");
  ASSERT_TRUE(flags);
  EXPECT_NE(flags->body.find(R"("storage.tsdb.retention.time":"30m")"), std::string::npos)
      << flags->body;
}

TEST_F(RunningNodeTest, LogsNoMoreThanItIsAskedFor) {
  const auto log_at = [this](const char* level) {
    Node node = start({{"REGISTRY_SERVICE", level}, {"LOG_LEVEL", level}});
    node.process().stop();
    const auto log = read_file(node.log_path());
    fs::remove(node.log_path());
    return log ? *log : "";
  };
  const std::string line = "msg=\"promster starts\"";
  EXPECT_NE(log_at("info").find(line), std::string::npos);
  EXPECT_EQ(log_at("error").find(line), std::string::npos);
}

}  // namespace
}  // namespace promster
