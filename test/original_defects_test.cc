// What went wrong with the original and takes a whole node to show: docs/reference/compatibility.md
// names these tests.
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/file.h"
#include "cluster/etcd_server.h"
#include "cluster/node.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/etcdctl_for_test.h"
#include "prom/http_client.h"

namespace promster {
namespace {

constexpr Duration kPatience{60'000};

int count_in(const std::string& text, const std::string& word) {
  int count = 0;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
  return count;
}

class OriginalDefects : public ::testing::Test {
 protected:
  OriginalDefects() {
    auto server = EtcdServer::start({.dir = dir_.path(), .extra_args = {"--bcrypt-cost", "4"}});
    if (!server) throw std::runtime_error(server.error().message);
    etcd_.emplace(std::move(*server));
  }

  std::string etcd(const std::vector<std::string>& words) {
    return etcdctl(etcd_->endpoint(), words);
  }

  Node start(Environment environment) {
    const Environment more{{"SCRAPE_ETCD_PATH", "/t/"},
                           {"REGISTRY_ETCD_URL", etcd_->endpoint()},
                           {"SCRAPE_INTERVAL", "1s"},
                           {"EVALUATION_INTERVAL", "1s"}};
    environment.insert(environment.end(), more.begin(), more.end());
    auto node = Node::start({.binary = PROMSTER_BINARY,
                             .name = "node",
                             .dir = dir_.path(),
                             .environment = environment});
    if (!node) throw std::runtime_error(node.error().message);
    return std::move(*node);
  }
  static void wait_until_ready(Node& node) {
    const auto ready = node.wait_until_ready(kPatience);
    ASSERT_TRUE(ready) << ready.error().message << log_tail(node.log_path(), 20);
  }

  static std::string file(const Node& node, const std::string& name) {
    const auto content = read_file(node.config_dir() + "/" + name);
    return content ? *content : "";
  }

  TempDir dir_ = *TempDir::make("original-defects");
  std::optional<EtcdServer> etcd_;
};

// B4: without any rule the original left the file of its last start as it was.
TEST_F(OriginalDefects, RulesThatAreUnsetLeaveTheirFile) {
  {
    Node node = start({{"REGISTRY_SERVICE", "s"},
                       {"RECORD_RULE_1_NAME", "a:b"},
                       {"RECORD_RULE_1_EXPR", "sum(up)"}});
    wait_until_ready(node);
    EXPECT_NE(file(node, "rules.yml").find("a:b"), std::string::npos);
    node.process().stop();
  }
  Node node = start({{"REGISTRY_SERVICE", "s"}});
  wait_until_ready(node);
  EXPECT_EQ(file(node, "rules.yml").find("a:b"), std::string::npos);
  const auto rules = HttpClient().get(node.prometheus_url() + "/api/v1/rules");
  ASSERT_TRUE(rules);
  EXPECT_NE(rules->body.find("\"groups\":[]"), std::string::npos) << rules->body;
}

// B6: a listing that etcd denied ended the whole agent of the original.
TEST_F(OriginalDefects, AListingThatIsDeniedIsToldAndTriedAgain) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"user", "add", "root:secret"},
        {"user", "grant-role", "root", "root"},
        {"role", "add", "node"},
        {"user", "add", "ann:pass"},
        {"user", "grant-role", "ann", "node"},
        {"auth", "enable"}}) {
    etcd(words);
  }
  Node node = start({{"REGISTRY_SERVICE", "s"},
                     {"PROMSTER_ETCD_USERNAME", "ann"},
                     {"PROMSTER_ETCD_PASSWORD", "pass"}});
  HttpClient http;
  std::string said;
  const auto told = wait_for("the denial in /-/ready", kPatience, [&] {
    const auto answer = http.get(node.web_url() + "/-/ready");
    said = answer ? answer->body : "";
    return answer && answer->status == 503 && said.find("permission denied") != said.npos;
  });
  EXPECT_TRUE(told) << said << log_tail(node.log_path(), 20);
  etcd({"--user", "root:secret", "role", "grant-permission", "node", "readwrite", "/",
        "--prefix=true"});
  wait_until_ready(node);
  const auto log = read_file(node.log_path());
  ASSERT_TRUE(log);
  EXPECT_EQ(count_in(*log, "msg=started process=agent"), 1) << *log;
  EXPECT_EQ(count_in(*log, "ended unasked"), 0) << *log;
}

// B8: the original went on scraping the last target after it had left etcd.
TEST_F(OriginalDefects, TheLastTargetGoesWhenItIsGone) {
  etcd({"put", "/t/app/127.0.0.1:1", ""});
  Node node = start({{"REGISTRY_SERVICE", "s"}});
  wait_until_ready(node);
  const auto there = [&] {
    return file(node, "sd/targets.json").find("127.0.0.1:1\"") != std::string::npos;
  };
  EXPECT_TRUE(there());
  etcd({"del", "/t/app/127.0.0.1:1"});
  const auto gone = wait_for("the target to go", kPatience, [&] { return !there(); });
  EXPECT_TRUE(gone) << gone.error().message << log_tail(node.log_path(), 20);
}

// B14: the original registered below a cleaned path and looked below another, so it never saw
// itself.
TEST_F(OriginalDefects, SlashesInBaseAndServiceDoNotHideANodeFromItself) {
  etcd({"put", "/registry/svc-x/10.0.0.9:9090", ""});
  Node node = start({{"REGISTRY_ETCD_BASE", "/registry/"}, {"REGISTRY_SERVICE", "svc/x"}});
  wait_until_ready(node);
  EXPECT_NE(etcd({"get", "--prefix", "--keys-only", "/registry/svc-x/"}).find(node.address()),
            std::string::npos);
  std::string nodes;
  const auto both = wait_for("itself and its sibling among the nodes", Duration(20'000), [&] {
    const auto answer = HttpClient().get(node.web_url() + "/metrics");
    nodes = answer ? answer->body : "";
    return nodes.find("\npromster_members{state=\"active\"} 2\n") != nodes.npos;
  });
  EXPECT_TRUE(both) << both.error().message;
}

}  // namespace
}  // namespace promster
