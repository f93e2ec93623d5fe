// A site's own prometheus.yml and alerts, with all the real parts: two nodes that share targets, an
// Alertmanager, and a Prometheus that samples are written to. What docs/howto/own-configuration.md
// shows is what is used here.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "base/file.h"
#include "cluster/etcd_server.h"
#include "cluster/generator.h"
#include "cluster/node.h"
#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "prom/http_client.h"
#include "prom/percent_encoded.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

constexpr Duration kLong = std::chrono::seconds(60);

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from << " is not in the page";
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// What the page shows in the block that begins with this line, without that line.
std::string shown(const std::string& first_line) {
  const std::string page =
      *read_file(std::string(PROMSTER_SOURCE_DIR) + "/docs/howto/own-configuration.md");
  const std::size_t start = page.find("\n" + first_line + "\n");
  EXPECT_NE(start, page.npos) << first_line;
  const std::size_t text = start + first_line.size() + 2;
  return page.substr(text, page.find("```", text) - text);
}

// NAME=value or NAME='value', one a line.
Environment variables_of(const std::string& text) {
  const std::regex line(R"(([A-Z0-9_]+)=('?)(.*)\2\n)");
  Environment result;
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at) {
    result.emplace_back((*at)[1], (*at)[3]);
  }
  return result;
}

class SiteConfigTest : public ::testing::Test {
 protected:
  SiteConfigTest() {
    auto etcd = EtcdServer::start({.dir = dir_.path()});
    EXPECT_TRUE(etcd) << etcd.error().message;
    etcd_ = std::make_unique<EtcdServer>(std::move(*etcd));
    fs::create_directories(dir_.file("receiver"));
    auto receiver = PrometheusServer::start(
        {.dir = dir_.file("receiver"), .extra_args = {"--web.enable-remote-write-receiver"}});
    EXPECT_TRUE(receiver) << receiver.error().message;
    receiver_ = std::make_unique<PrometheusServer>(std::move(*receiver));
    start_alertmanager();
    write_site();
  }

  void start_alertmanager() {
    write("alertmanager.yml", "route: {receiver: none}\nreceivers: [{name: none}]\n");
    alertmanager_ = std::make_unique<Child>(SpawnOptions{
        .argv = {"prometheus-alertmanager", "--config.file=" + dir_.file("alertmanager.yml"),
                 "--storage.path=" + dir_.file("alerts"),
                 "--web.listen-address=" + alertmanager_port_.address(),
                 "--cluster.listen-address="},
        .output_path = dir_.file("alertmanager.log")});
    ASSERT_TRUE(alertmanager_->launch());
    const auto ready = alertmanager_->wait_until_ready(
        "http://" + alertmanager_port_.address() + "/-/ready", kLong);
    ASSERT_TRUE(ready) << ready.error().message;
  }

  // As the page has it, with the addresses of this test. But Prometheus drops an alert that fires
  // before it knows its Alertmanagers, within five seconds, and sends it again a minute later.
  void write_site() {
    std::string text = shown("# /etc/prometheus/site.yml");
    text = replaced(std::move(text), "alertmanager.example:9093", alertmanager_port_.address());
    text = replaced(std::move(text), "https://metrics.example", receiver_->url());
    text = replaced(std::move(text), "blackbox.example:9115", receiver_->address());
    write("site.yml", text);
    fs::create_directories(dir_.file("rules"));
    write("rules/site.yml", replaced(shown("# /etc/prometheus/rules/site.yml"), "expr: vector(1)",
                                     "expr: vector(1)\n        for: 8s"));
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(dir_.file(name) + ".new") << text;
    fs::rename(dir_.file(name) + ".new", dir_.file(name));
  }

  Node start(const std::string& name) {
    Environment environment = variables_of(shown("# /etc/default/promster"));
    for (auto& [variable, value] : environment) {
      if (variable == "PROMSTER_PROMETHEUS_BASE_CONFIG") value = dir_.file("site.yml");
      if (variable == "ALERT_RULE_1_FOR") value = "2s";
    }
    const Environment more{{"SCRAPE_ETCD_PATH", "/t"},
                           {"REGISTRY_ETCD_URL", etcd_->endpoint()},
                           {"REGISTRY_SERVICE", "s"},
                           {"SCRAPE_INTERVAL", "1s"},
                           {"EVALUATION_INTERVAL", "1s"}};
    environment.insert(environment.end(), more.begin(), more.end());
    auto node = Node::start(
        {.binary = PROMSTER_BINARY, .name = name, .dir = dir_.path(), .environment = environment});
    EXPECT_TRUE(node) << node.error().message;
    const auto ready = node->wait_until_ready(kLong);
    EXPECT_TRUE(ready) << ready.error().message << log_tail(node->log_path(), 20);
    return std::move(*node);
  }

  std::string get(const std::string& url) {
    const auto answer = http_.get(url);
    return answer ? answer->body : answer.error().message;
  }
  // Waits until what `url` answers holds all of these.
  std::string wait_for_words(const std::string& url, const std::vector<std::string>& words,
                             const std::vector<std::string>& never = {}) {
    std::string body;
    const auto there = [&](const std::string& word) { return body.find(word) != body.npos; };
    const auto told = wait_for(words.front(), kLong, [&] {
      body = get(url);
      return std::ranges::all_of(words, there) && std::ranges::none_of(never, there);
    });
    EXPECT_TRUE(told) << told.error().message << "\n" << body;
    return body;
  }
  // Both nodes fire for some of them, and none is fired for by both.
  void each_target_has_one_alert(const std::string& alerts) {
    using Counts = std::map<std::string, int>;
    Counts by_target, by_node;
    const auto settled = wait_for("one alert for each target", kLong, [&] {
      by_target = by_node = {};
      for (const auto& alert : nlohmann::json::parse(get(alerts), nullptr, false)) {
        const auto& labels = alert.at("labels");
        if (labels.at("alertname") != "TargetDown") continue;
        ++by_target[labels.at("instance")];
        ++by_node[labels.at("node")];
      }
      const auto once = [](const auto& one) { return one.second == 1; };
      return by_target.size() == 8 && std::ranges::all_of(by_target, once) && by_node.size() == 2;
    });
    EXPECT_TRUE(settled) << settled.error().message << testing::PrintToString(by_target);
  }
  static std::string query(const std::string& prometheus, const std::string& expr) {
    return prometheus + "/api/v1/query?query=" + percent_encoded(expr);
  }

  TempDir dir_ = *TempDir::make("site-config");
  PortLease alertmanager_port_ = *reserve_port();
  std::unique_ptr<EtcdServer> etcd_;
  std::unique_ptr<PrometheusServer> receiver_;
  std::unique_ptr<Child> alertmanager_;
  HttpClient http_;
};

// The job named `own` of the configuration that Prometheus runs.
std::string own_job(const std::string& config) {
  const std::size_t start = config.find("job_name: own");
  const std::size_t end = config.find("- job_name", start);
  return start == config.npos ? "" : config.substr(start, end - start);
}

TEST_F(SiteConfigTest, AlertsFireSamplesArriveAndTheSitesJobIsOnEveryNode) {
  auto client = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
  for (int i = 0; i < 8; ++i) {  // nobody listens there: they are down
    ASSERT_TRUE(client->put("/t/app/127.0.0.1:" + std::to_string(i + 1), "", 0));
  }
  Node first = start("first"), second = start("second");

  const std::string alerts = "http://" + alertmanager_port_.address() + "/api/v2/alerts";
  std::vector<std::string> all{"\"alertname\":\"TargetDown\"",
                               "\"alertname\":\"SiteIsHere\"",
                               "\"severity\":\"page\"",
                               "does not answer, look at it",
                               first.address(),
                               second.address()};
  for (int i = 0; i < 8; ++i) all.push_back("\"instance\":\"127.0.0.1:" + std::to_string(i + 1));
  wait_for_words(alerts, all);
  each_target_has_one_alert(alerts);

  const std::string up = query(receiver_->url(), R"(count(up{job="own",site="berlin"}) by (node))");
  wait_for_words(up, {first.address(), second.address()});
  wait_for_words(query(receiver_->url(), "site:up:sum"), {"\"site\":\"berlin\""});

  const std::string config = "/api/v1/status/config";
  const std::string job = own_job(get(first.prometheus_url() + config));
  EXPECT_NE(job.find(receiver_->address()), job.npos) << job;
  EXPECT_EQ(own_job(get(second.prometheus_url() + config)), job);
}

TEST_F(SiteConfigTest, AChangeIsTakenUpAndABadOneIsRefused) {
  Node node = start("node");
  const std::string ready = node.web_url() + "/-/ready";
  const std::string config = node.prometheus_url() + "/api/v1/status/config";
  const std::string good = *read_file(dir_.file("site.yml"));

  write("site.yml", replaced(good, "job_name: own", "job_name: mine"));
  wait_for_words(config, {"job_name: mine"});

  write("site.yml", good + "no_such_section: 1\n");
  wait_for_words(ready, {"refused", dir_.file("site.yml"), "no_such_section"});
  EXPECT_EQ(http_.get(ready)->status, 200);
  EXPECT_NE(get(config).find("job_name: mine"), std::string::npos);
  EXPECT_EQ(get(config).find("no_such_section"), std::string::npos);
  wait_for_words(node.web_url() + "/api/v1/reloads", {"no_such_section", "rejected"});

  write("site.yml", replaced(good, "job_name: own", "job_name: prometheus"));
  wait_for_words(ready, {R"(job_name "prometheus" is also the name of a job)"});

  write("site.yml", good);
  wait_for_words(config, {"job_name: own"});
  wait_for_words(ready, {"ready"}, {"refused"});

  write("rules/site.yml", "groups: [{name: site, rules: [{record: a, expr: 'sum('}]}]\n");
  wait_for_words(ready, {"refused", "rules/site.yml"});
  write("rules/site.yml",
        "groups: [{name: site, rules: [{record: 'site:other', expr: 'vector(1)'}]}]\n");
  wait_for_words(node.prometheus_url() + "/api/v1/rules", {"site:other"});
  wait_for_words(ready, {"ready"}, {"refused"});
}

}  // namespace
}  // namespace promster
