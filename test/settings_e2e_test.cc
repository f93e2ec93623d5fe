// The real program and its settings: what it says of bad ones, what a drop-in user gives it, and
// the commands that look without touching.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/file.h"
#include "base/process.h"
#include "cluster/etcd_server.h"
#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"

namespace promster {
namespace {

namespace fs = std::filesystem;
using Environment = std::vector<std::pair<std::string, std::string>>;
using Strings = std::vector<std::string>;

constexpr Duration kPatience{30'000};

struct Ran {
  int exit_code = -1;
  std::string text;  // standard output and error
  Duration took{};
};

class SettingsE2eTest : public ::testing::Test {
 protected:
  std::string config_dir() const { return dir_.file("config"); }

  // Runs promster to its end.
  Ran run(Strings arguments, Environment environment) {
    const std::string output = dir_.file("output");
    fs::remove(output);
    arguments.insert(arguments.begin(), PROMSTER_BINARY);
    environment.emplace_back("PROMSTER_PROMETHEUS_CONFIG_DIR", config_dir());
    const auto before = std::chrono::steady_clock::now();
    auto process = Process::start(
        {.argv = arguments, .environment = environment, .output_path = output, .own_group = true});
    EXPECT_TRUE(process.ok());
    const auto status = process->wait(kPatience);
    EXPECT_TRUE(status.has_value()) << "still runs";
    const auto took = std::chrono::steady_clock::now() - before;
    const auto text = read_file(output);
    return {status ? status->code : -1, text ? *text : "",
            std::chrono::duration_cast<Duration>(took)};
  }

  TempDir dir_ = *TempDir::make("settings");
};

TEST_F(SettingsE2eTest, BadSettingsAreAllSaidAtOnceAndNothingIsWritten) {
  const Ran ran = run({"run", "--prometheus.start", "--shard.slack=-1"},
                      {{"SCRAPE_ETCD_URL", "etcd0"},
                       {"SCRAPE_INTERVAL", "5"},
                       {"LOG_LEVEL", "loud"},
                       {"REGISTRY_ETCD_URL", "http://127.0.0.1:1"},
                       {"REGISTRY_TTL", "1"},
                       {"RECORD_RULE_1_NAME", "level1:x"}});
  EXPECT_EQ(ran.exit_code, 2) << ran.text;
  EXPECT_LT(ran.took, Duration(1'000));
  for (const char* part :
       {"promster: SCRAPE_ETCD_URL: ", "try: http://etcd0:2379", "promster: SCRAPE_INTERVAL: ",
        "try: 5s", "promster: LOG_LEVEL: ", "promster: --shard.slack: ", "promster: REGISTRY_TTL: ",
        "promster: REGISTRY_SERVICE (--registry.service) is not set",
        "promster: SCRAPE_ETCD_PATH (--scrape.etcd-path) is not set", "RECORD_RULE_1_EXPR"}) {
    EXPECT_NE(ran.text.find(part), std::string::npos) << part << "\n" << ran.text;
  }
  EXPECT_FALSE(fs::exists(config_dir()));
}

TEST_F(SettingsE2eTest, UnknownFlags) {
  const Ran ran = run({"--scrape-etcd-ulr", "http://e:1"}, {});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.text, "promster: --scrape-etcd-ulr is no flag; did you mean --scrape-etcd-url?\n");
}

TEST_F(SettingsE2eTest, OutputThatCannotBeWrittenIsAFailure) {
  const std::string promster = PROMSTER_BINARY;
  const auto ran = run_program({"sh", "-c", promster + " help > /dev/full"}, kPatience);
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->status.code, 1);
  EXPECT_EQ(ran->text, "promster: the output cannot be written; try: is that disk full?\n");
}

struct OriginalFlag {
  std::string flag, value, name;  // as there, and what the setting is called here
};

const std::vector<OriginalFlag> kOriginalFlags{
    {"loglevel", "warning", "log.level"},
    {"scrape-etcd-url", "http://etcd0:2379", "scrape.etcd-url"},
    {"scrape-etcd-path", "/webservers/gen", "scrape.etcd-path"},
    {"scrape-paths", "/metrics,/other", "scrape.paths"},
    {"scrape-match", "level1:.*", "scrape.match-regex"},
    {"scrape-interval", "5s", "scrape.interval"},
    {"scrape-timeout", "3s", "scrape.timeout"},
    {"scrape-shard-enable", "false", "scrape.shard"},
    {"evaluation-interval", "20s", "rules.evaluation-interval"},
    {"scheme", "https", "scrape.scheme"},
    {"tls-insecure", "true", "scrape.tls-insecure"},
    {"registry-etcd-url", "http://etcd1:2379", "registry.etcd-url"},
    {"registry-etcd-base", "/nodes", "registry.etcd-base"},
    {"registry-service-name", "prom-level1", "registry.service"},
    {"registry-node-ttl", "5", "registry.ttl"}};

// The command line that the original's startup.sh made, each flag in each of its forms.
TEST_F(SettingsE2eTest, TheOriginalsCommandLine) {
  Strings joined{"config", "-o", "json"}, apart = joined;
  for (const auto& [flag, value, name] : kOriginalFlags) {
    joined.push_back("--" + flag + "=" + value);
    apart.insert(apart.end(), {"-" + flag, value});
  }
  for (const Strings& arguments : {joined, apart}) {
    const Ran ran = run(arguments, {{"RETENTION_TIME", "30m"}});
    EXPECT_EQ(ran.exit_code, 0) << ran.text;
    for (const auto& [flag, value, name] : kOriginalFlags) {
      const std::string row = R"({"name": ")" + name + R"(", "value": ")" + value +
                              R"(", "source": "--)" + flag + "\"}";
      EXPECT_NE(ran.text.find(row), std::string::npos) << row << "\n" << ran.text;
    }
    const std::string retention =
        R"({"name": "prometheus.retention", "value": "30m", "source": "RETENTION_TIME"})";
    EXPECT_NE(ran.text.find(retention), std::string::npos) << ran.text;
  }
}

// What startup.sh made of variables that are empty.
TEST_F(SettingsE2eTest, EmptyVariablesAndFlagsAreNotSet) {
  Strings arguments{"config", "-o", "json", "--scrape-etcd-url=http://e:1",
                    "--scrape-etcd-path=/t"};
  for (const auto& [flag, value, name] : kOriginalFlags) {
    if (!flag.starts_with("scrape-etcd")) arguments.push_back("--" + flag + "=");
  }
  const Ran ran = run(arguments, {{"SCRAPE_SHARD_ENABLE", ""}, {"REGISTRY_TTL", ""}});
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  for (const char* row : {R"({"name": "registry.ttl", "value": "10s", "source": "default"})",
                          R"({"name": "scrape.shard", "value": "true", "source": "default"})",
                          R"({"name": "scrape.match-regex", "value": "", "source": "default"})"}) {
    EXPECT_NE(ran.text.find(row), std::string::npos) << row << "\n" << ran.text;
  }
}

class WithEtcdTest : public SettingsE2eTest {
 protected:
  void SetUp() override {
    auto server = EtcdServer::start({.dir = dir_.path()});
    ASSERT_TRUE(server.ok()) << server.error().message;
    etcd_ = std::make_unique<EtcdServer>(std::move(*server));
  }

  void put(const std::string& key) {
    auto client = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
    ASSERT_TRUE(client->put(key, "", 0).ok());
  }

  Environment environment() const {
    return {{"SCRAPE_ETCD_URL", etcd_->endpoint()},
            {"SCRAPE_ETCD_PATH", "/webservers/gen/"},
            {"SCRAPE_INTERVAL", "5s"},
            {"RECORD_RULE_1_NAME", "level1:up"},
            {"RECORD_RULE_1_EXPR", "sum(up)"},
            {"PROMSTER_PROMETHEUS_URL", "http://127.0.0.1:1"}};
  }

  std::unique_ptr<EtcdServer> etcd_;
};

TEST_F(WithEtcdTest, RenderShowsWhatWouldBeWrittenAndWritesNothing) {
  put("/webservers/gen/10.0.0.1:80");
  const Ran ran = run({"render"}, environment());
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  for (const char* part : {"/prometheus.yml", "/rules.yml", "/sd/targets.json", "level1:up",
                           "10.0.0.1:80", "evaluation_interval"}) {
    EXPECT_NE(ran.text.find(part), std::string::npos) << part << "\n" << ran.text;
  }
  EXPECT_FALSE(fs::exists(config_dir()));
}

TEST_F(WithEtcdTest, RenderDiffComparesWithTheDisk) {
  put("/webservers/gen/10.0.0.1:80");
  EXPECT_EQ(run({"render", "--diff"}, environment()).exit_code, 1);
  // Puts on disk what render prints: each file behind the line with its name.
  const std::string printed = run({"render"}, environment()).text;
  fs::create_directories(config_dir() + "/sd");
  for (std::size_t at = printed.find("# /"); at != std::string::npos;) {
    const std::size_t name_end = printed.find('\n', at), next = printed.find("\n# /", name_end);
    std::ofstream(printed.substr(at + 2, name_end - at - 2))
        << printed.substr(name_end + 1, next == std::string::npos ? next : next - name_end);
    at = next == std::string::npos ? next : next + 1;
  }
  const Ran same = run({"render", "--diff"}, environment());
  EXPECT_EQ(same.exit_code, 0) << same.text;
  EXPECT_EQ(same.text, "");
  put("/webservers/gen/10.0.0.2:80");
  const Ran other = run({"render", "--diff"}, environment());
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_NE(other.text.find("+++ " + config_dir() + "/sd/targets.json"), std::string::npos);
  EXPECT_EQ(other.text.find("prometheus.yml"), std::string::npos) << other.text;
}

TEST_F(WithEtcdTest, CheckFindsWhatIsMissing) {
  const Ran ran = run({"check"}, environment());
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.text.find("promster: Prometheus at http://127.0.0.1:1: "), std::string::npos);
  EXPECT_NE(ran.text.find("try: "), std::string::npos);
  EXPECT_NE(ran.text.find("warning: no targets below /webservers/gen/ at revision 1"),
            std::string::npos)
      << ran.text;
  EXPECT_FALSE(fs::exists(config_dir()));
}

TEST_F(WithEtcdTest, CheckRefusesARuleThatPromtoolRefuses) {
  Environment environment = this->environment();
  environment.emplace_back("RECORD_RULE_2_NAME", "level1:bad");
  environment.emplace_back("RECORD_RULE_2_EXPR", "sum(up");
  const Ran ran = run({"check"}, environment);
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.text.find("promtool refuses the configuration; "), std::string::npos) << ran.text;
  EXPECT_NE(ran.text.find("; try: RECORD_RULE_2_EXPR\n"), std::string::npos) << ran.text;
}

TEST_F(WithEtcdTest, CheckNamesTheAlertOrTheFileThatPromtoolRefuses) {
  Environment environment = this->environment();
  environment.emplace_back("ALERT_RULE_4_NAME", "Down");
  environment.emplace_back("ALERT_RULE_4_EXPR", "up == ");
  const Ran alert = run({"check"}, environment);
  EXPECT_EQ(alert.exit_code, 1);
  EXPECT_NE(alert.text.find("; try: ALERT_RULE_4_EXPR"), std::string::npos) << alert.text;
  environment.back().second = "up == 0";
  const Ran good = run({"check"}, environment);
  EXPECT_NE(good.text.find("configuration, 1 recording rule and 1 alert, says promtool"),
            std::string::npos)
      << good.text;
  const std::string site = dir_.file("site.yml");
  std::ofstream(site) << "alerting: {alertmanager: []}\n";
  environment.emplace_back("PROMSTER_PROMETHEUS_BASE_CONFIG", site);
  const Ran base = run({"check"}, environment);
  EXPECT_EQ(base.exit_code, 1);
  EXPECT_NE(base.text.find("; try: look at " + site), std::string::npos) << base.text;
}

TEST_F(WithEtcdTest, CheckReadsTheConfigurationOfTheAgentsOwnServer) {
  const std::string file = dir_.file("web.yml");
  Environment environment = this->environment();
  environment.emplace_back("PROMSTER_WEB_CONFIG_FILE", file);
  const auto said = [&](const std::string& text) {
    std::ofstream(file) << text;
    fs::permissions(file, fs::perms(0644));
    return run({"check"}, environment).text;
  };
  EXPECT_NE(
      said("basic_auth_users: {ann: secret}\n").find("web.yml: basic_auth_users: ann: is no "),
      std::string::npos);
  const std::string hash = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";
  const std::string readable = said("basic_auth_users: {ann: '" + hash + "'}\n");
  EXPECT_NE(readable.find("ok: " + file + " has no TLS and 1 user"), std::string::npos) << readable;
  EXPECT_NE(readable.find("warning: " + file + " can be read by every user"), std::string::npos);
  const std::string tls = said("tls_server_config: {cert_file: a.crt, key_file: a.key}\n");
  EXPECT_NE(tls.find("tls_server_config: cert_file " + dir_.file("a.crt") + ": No such file"),
            std::string::npos)
      << tls;
  fs::remove(file);
  EXPECT_NE(run({"check"}, environment).text.find("web config: read " + file + ": No such file"),
            std::string::npos);
}

TEST_F(WithEtcdTest, CheckIsContentWhereAllIsThere) {
  put("/webservers/gen/10.0.0.1:80");
  const auto prometheus = PrometheusServer::start({.dir = dir_.path()});
  ASSERT_TRUE(prometheus.ok()) << prometheus.error().message;
  Environment environment = this->environment();
  environment.back() = {"PROMSTER_PROMETHEUS_URL", prometheus->url()};
  const Ran ran = run({"check"}, environment);
  EXPECT_EQ(ran.exit_code, 0) << ran.text;
  etcd_->kill();
  const Ran without = run({"check"}, environment);
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_NE(without.text.find("promster: etcd of the targets at "), std::string::npos)
      << without.text;
}

TEST_F(WithEtcdTest, OnlyFindingsExitWithThree) {
  const auto prometheus = PrometheusServer::start({.dir = dir_.path()});
  ASSERT_TRUE(prometheus.ok()) << prometheus.error().message;
  Environment environment = this->environment();
  environment.back() = {"PROMSTER_PROMETHEUS_URL", prometheus->url()};
  EXPECT_EQ(run({"check"}, environment).exit_code, 3);
}

}  // namespace
}  // namespace promster
