// One promster a --prometheus.config-dir: a second one waits a little, says so, and touches nothing
// there.
#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "cluster/free_port.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "prom/config_lock.h"

namespace promster {
namespace {

using std::chrono::seconds;

// No etcd is there, and a Prometheus only with start_both(): an agent waits for them.
class ConfigDirTest : public ::testing::Test {
 protected:
  Process start(const std::string& output, const std::vector<std::string>& options = {}) {
    std::vector<std::string> argv{PROMSTER_BINARY, "run"};
    argv.insert(argv.end(), options.begin(), options.end());
    return Process::start({.argv = argv,
                           .environment = {{"PROMSTER_PROMETHEUS_CONFIG_DIR", config_},
                                           {"PROMSTER_PROMETHEUS_URL", "http://127.0.0.1:1"},
                                           {"PROMSTER_REGISTRY_ADVERTISE_ADDRESS", "127.0.0.1:1"},
                                           {"PROMSTER_WEB_LISTEN_ADDRESS", "127.0.0.1:0"},
                                           {"SCRAPE_ETCD_URL", "http://127.0.0.1:1"},
                                           {"SCRAPE_ETCD_PATH", "/targets"}},
                           .output_path = dir_.file(output)})
        .value();
  }

  // The agent and a Prometheus that listens on loopback only.
  Process start_both(const std::string& output, const PortLease& port) {
    return start(output, {"--prometheus.start", "--prometheus.url=http://" + port.address(),
                          "--prometheus.data-dir=" + dir_.file("data-of-" + output),
                          "--prometheus.extra-args=--web.listen-address=" + port.address()});
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

  // The Prometheus that the pid file names, once it does.
  std::string prometheus() const {
    std::string pid;
    const auto named = wait_for("the pid file", seconds(30), [&] {
      const auto content = read_file(config_ + "/prometheus.pid");
      pid = content ? std::string(trim(*content)) : "";
      return !pid.empty();
    });
    EXPECT_TRUE(named) << named.error().message;
    return pid;
  }

  std::string refusal() const { return "another promster is at work in " + config_; }

  TempDir dir_ = *TempDir::make("config-dir");
  std::string config_ = dir_.file("config");
};

TEST_F(ConfigDirTest, ASecondAgentDoesNotStartThere) {
  const Process first = start("first");
  expect_at_work("first");
  Process second = start("second");
  const auto ended = second.wait(seconds(30));
  ASSERT_TRUE(ended) << "it runs";
  EXPECT_EQ(ended->code, 1);
  EXPECT_NE(text("second").find("msg=\"cannot start\" reason=\"" + refusal()), std::string::npos)
      << text("second");
}

// As `render --write` does, for a second or two.
TEST_F(ConfigDirTest, AnAgentWaitsForWhoIsSoonDone) {
  std::optional<ConfigLock> other(ConfigLock::take(config_).value());
  const Process agent = start("agent");
  const auto waits = wait_for("the agent to wait", seconds(30), [&] {
    return text("agent").find("waits for another promster") != std::string::npos;
  });
  ASSERT_TRUE(waits) << waits.error().message << text("agent");
  other.reset();
  expect_at_work("agent");
}

TEST_F(ConfigDirTest, AStopEndsTheWait) {
  const auto other = ConfigLock::take(config_);
  ASSERT_TRUE(other) << other.error().message;
  Process agent = start("agent");
  const auto waits = wait_for("the agent to wait", seconds(30), [&] {
    return text("agent").find("waits for another promster") != std::string::npos;
  });
  ASSERT_TRUE(waits) << waits.error().message << text("agent");
  agent.signal(SIGTERM);
  const auto ended = agent.wait(seconds(5));
  ASSERT_TRUE(ended) << "it goes on waiting";
  EXPECT_EQ(ended->code, 1);
}

TEST_F(ConfigDirTest, ASecondSupervisorLeavesThePrometheusOfTheFirstAlone) {
  const auto one = reserve_port(), two = reserve_port();
  ASSERT_TRUE(one && two);
  Process first = start_both("first", *one);
  const std::string pid = prometheus();
  Process second = start_both("second", *two);
  const auto ended = second.wait(seconds(30));
  EXPECT_EQ(ended.value_or(ExitStatus{}).code, 1) << "it runs: " << !ended;
  EXPECT_NE(text("second").find("msg=\"cannot start\" reason=\"" + refusal()), std::string::npos)
      << text("second");
  EXPECT_EQ(text("second").find("msg=started"), std::string::npos) << text("second");
  EXPECT_EQ(prometheus(), pid);
  EXPECT_EQ(::kill(std::stoi(pid), 0), 0);
  EXPECT_EQ(first.stop(seconds(30)).code, 0) << text("first");
}

TEST_F(ConfigDirTest, ASupervisorThatWasKilledIsStartedAgain) {
  const auto one = reserve_port(), two = reserve_port();
  ASSERT_TRUE(one && two);
  Process first = start_both("first", *one);
  const std::string pid = prometheus();
  first.signal(SIGKILL);
  ASSERT_TRUE(first.wait(seconds(30)));
  Process again = start_both("again", *two);
  const auto another = wait_for("another Prometheus", seconds(30), [&] {
    return text("again").find("msg=started process=prometheus") != std::string::npos;
  });
  EXPECT_TRUE(another) << another.error().message << text("again");
  EXPECT_EQ(text("again").find("waits for another promster"), std::string::npos) << text("again");
  EXPECT_EQ(again.stop(seconds(60)).code, 0) << text("again");
}

TEST_F(ConfigDirTest, AnAgentThatWasKilledIsStartedAgain) {
  Process first = start("first");
  expect_at_work("first");
  first.signal(SIGKILL);
  ASSERT_TRUE(first.wait(seconds(30)));
  const Process again = start("again");
  expect_at_work("again");
}

}  // namespace
}  // namespace promster
