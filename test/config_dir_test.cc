// One promster a --prometheus.config-dir: a second one says so, and touches nothing there.
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "base/file.h"
#include "base/process.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

using std::chrono::seconds;

// Neither an etcd nor a Prometheus is there: an agent waits for them.
class ConfigDirTest : public ::testing::Test {
 protected:
  Process start(const std::string& command, const std::string& output) {
    return Process::start({.argv = {PROMSTER_BINARY, command},
                           .environment = {{"PROMSTER_PROMETHEUS_CONFIG_DIR", config_},
                                           {"PROMSTER_PROMETHEUS_URL", "http://127.0.0.1:1"},
                                           {"PROMSTER_REGISTRY_ADVERTISE_ADDRESS", "127.0.0.1:1"},
                                           {"PROMSTER_WEB_LISTEN_ADDRESS", "127.0.0.1:0"},
                                           {"SCRAPE_ETCD_URL", "http://127.0.0.1:1"},
                                           {"SCRAPE_ETCD_PATH", "/targets"}},
                           .output_path = dir_.file(output)})
        .value();
  }

  std::string text(const std::string& output) const {
    const auto content = read_file(dir_.file(output));
    return content ? *content : "";
  }

  void expect_at_work(const std::string& output) const {
    const auto at_work = wait_for("the agent", seconds(30), [&] {
      return text(output).find("promster starts") != std::string::npos;
    });
    EXPECT_TRUE(at_work) << at_work.error().message << text(output);
  }

  TempDir dir_ = *TempDir::make("config-dir");
  std::string config_ = dir_.file("config");
};

TEST_F(ConfigDirTest, ASecondAgentDoesNotStartThere) {
  const Process first = start("run", "first");
  expect_at_work("first");
  Process second = start("run", "second");
  const auto ended = second.wait(seconds(30));
  ASSERT_TRUE(ended) << "it runs";
  EXPECT_EQ(ended->code, 1);
  EXPECT_NE(text("second").find("another promster is at work in " + config_), std::string::npos)
      << text("second");
}

TEST_F(ConfigDirTest, AnAgentThatWasKilledIsStartedAgain) {
  Process first = start("run", "first");
  expect_at_work("first");
  first.signal(SIGKILL);
  ASSERT_TRUE(first.wait(seconds(30)));
  const Process again = start("run", "again");
  expect_at_work("again");
}

}  // namespace
}  // namespace promster
