// `promster generator` as a user runs it.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <optional>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "etcd/client.h"
#include "prom/http_client.h"

namespace promster {
namespace {

using std::chrono::seconds;

class GeneratorCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    auto dir = TempDir::make("promster-generator-test");
    ASSERT_TRUE(dir);
    dir_.emplace(std::move(*dir));
    auto etcd = EtcdServer::start({.dir = dir_->path()});
    ASSERT_TRUE(etcd) << etcd.error().message;
    etcd_.emplace(std::move(*etcd));
    client_ = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
  }

  std::vector<std::string> keys() {
    std::vector<std::string> keys;
    const auto range = client_->range({.prefix = "/webservers/"});
    for (std::size_t i = 0; range && i < range->entries.size(); ++i) {
      keys.push_back(range->entries[i].key);
    }
    return keys;
  }

  std::optional<TempDir> dir_;
  std::optional<EtcdServer> etcd_;
  std::unique_ptr<Etcd> client_;
};

TEST_F(GeneratorCommandTest, RegistersTargetsThatAnswerAndTakesThemBack) {
  auto generator = Process::start({.argv = {PROMSTER_BINARY, "generator", "--count=3"},
                                   .environment = {{"SCRAPE_ETCD_URL", etcd_->endpoint()},
                                                   {"SCRAPE_ETCD_PATH", "/webservers/generator"}},
                                   .output_path = dir_->file("output")});
  ASSERT_TRUE(generator) << generator.error().message;
  ASSERT_TRUE(wait_for("three keys", seconds(15), [&] { return keys().size() == 3; }));
  for (const std::string& key : keys()) {
    const std::string prefix = "/webservers/generator/";
    ASSERT_TRUE(key.starts_with(prefix)) << key;
    const auto scraped = HttpClient().get("http://" + key.substr(prefix.size()) + "/metrics");
    ASSERT_TRUE(scraped) << scraped.error().message;
    EXPECT_NE(scraped->body.find("http_requests_app_total{"), std::string::npos);
  }
  EXPECT_NE(read_file(dir_->file("output"))->find("total: 150 requests/s"), std::string::npos);
  generator->signal(SIGTERM);
  const auto ended = generator->wait(seconds(10));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->text(), "exit code 0");
  EXPECT_TRUE(keys().empty());
}

// The environment of generators in the original's example.
TEST_F(GeneratorCommandTest, RegistersWhereTheRegistrySettingsSay) {
  auto generator = Process::start({.argv = {PROMSTER_BINARY, "generator"},
                                   .environment = {{"REGISTRY_ETCD_URL", etcd_->endpoint()},
                                                   {"REGISTRY_ETCD_BASE", "/webservers"},
                                                   {"REGISTRY_SERVICE", "generator"},
                                                   {"REGISTRY_TTL", "10"}},
                                   .unset_environment = {"SCRAPE_ETCD_PATH"},
                                   .output_path = dir_->file("output")});
  ASSERT_TRUE(generator) << generator.error().message;
  ASSERT_TRUE(wait_for("a key", seconds(15), [&] { return keys().size() == 1; }));
  EXPECT_TRUE(keys()[0].starts_with("/webservers/generator/127.0.0.1:")) << keys()[0];
}

TEST_F(GeneratorCommandTest, TellsOnceWhyItWaitsForTheNameOfEtcdAndStops) {
  auto generator =
      Process::start({.argv = {PROMSTER_BINARY, "generator"},
                      .environment = {{"SCRAPE_ETCD_URL", "http://nowhere.invalid:2379"},
                                      {"SCRAPE_ETCD_PATH", "/webservers/generator"}},
                      .output_path = dir_->file("output")});
  ASSERT_TRUE(generator) << generator.error().message;
  ASSERT_TRUE(wait_for("a warning", seconds(15), [&] {
    const auto output = read_file(dir_->file("output"));
    return output && output->find("no address yet") != std::string::npos;
  }));
  // It looks several times in this while, each time in vain.
  EXPECT_FALSE(generator->wait(seconds(3)));
  generator->signal(SIGTERM);
  const auto ended = generator->wait(seconds(10));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->text(), "exit code 0");
  const std::string output = read_file(dir_->file("output")).value();
  const std::size_t first = output.find("no address yet");
  EXPECT_EQ(output.find("no address yet", first + 1), std::string::npos) << output;
}

TEST_F(GeneratorCommandTest, SaysWhichSettingItLacks) {
  auto generator = Process::start({.argv = {PROMSTER_BINARY, "generator"},
                                   .unset_environment = {"SCRAPE_ETCD_URL", "REGISTRY_ETCD_URL"},
                                   .output_path = dir_->file("output")});
  ASSERT_TRUE(generator) << generator.error().message;
  const auto ended = generator->wait(seconds(10));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 2);
  const std::string output = read_file(dir_->file("output")).value();
  EXPECT_NE(output.find("try: SCRAPE_ETCD_URL="), std::string::npos) << output;
}

}  // namespace
}  // namespace promster
