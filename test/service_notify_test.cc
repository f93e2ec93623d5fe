// What a service manager hears of a node that it started with Type=notify and a watchdog: the real
// program, without etcd and without Prometheus.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/notify_socket_for_test.h"
#include "base/process.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

constexpr Duration kPatience{30'000};
constexpr Duration kWatchdog{800};

class ServiceNotifyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(manager_.bound());
    write_promtool();
    auto started =
        Process::start({.argv = {PROMSTER_BINARY, "run", "--web.listen-address=127.0.0.1:0"},
                        .environment = {{"NOTIFY_SOCKET", dir_.file("notify")},
                                        {"WATCHDOG_USEC", std::to_string(1000 * kWatchdog.count())},
                                        {"PATH", dir_.path() + ":/usr/bin:/bin"},
                                        {"SCRAPE_ETCD_URL", "http://127.0.0.1:1"},
                                        {"SCRAPE_ETCD_PATH", "/t/"},
                                        {"PROMSTER_PROMETHEUS_URL", "http://127.0.0.1:1"},
                                        {"PROMSTER_PROMETHEUS_CONFIG_DIR", dir_.file("config")}},
                        .output_path = dir_.file("log"),
                        .own_group = true});
    ASSERT_TRUE(started.ok()) << started.error().message;
    node_.emplace(std::move(*started));
  }

  // Accepts everything, but never ends while there is a file `hang`.
  void write_promtool() const {
    const std::string file = dir_.file("promtool");
    std::ofstream(file) << "#!/bin/sh\n"
                           "while [ -e "
                        << dir_.file("hang") << " ]; do touch " << dir_.file("hangs")
                        << "; sleep 0.05; done\n";
    fs::permissions(file, fs::perms::owner_all);
  }

  // The next datagram that has `words`; what came before it is passed over.
  std::string hear(const std::string& words) const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
      std::string datagram = manager_.next(kPatience);
      if (datagram.find(words) != std::string::npos) return datagram;
    }
    return "nothing with " + words;
  }

  TempDir dir_ = *TempDir::make("service-notify");
  NotifyReader manager_{dir_.file("notify")};
  std::optional<Process> node_;
};

TEST_F(ServiceNotifyTest, IsReadyWhenTheFilesAreThereAndSaysWhatIsMissing) {
  const std::string first = manager_.next(kPatience);
  EXPECT_TRUE(first.starts_with("READY=1\nSTATUS=not ready: ")) << first;
  EXPECT_TRUE(fs::exists(dir_.file("config/prometheus.yml")));
  EXPECT_TRUE(fs::exists(dir_.file("config/sd/targets.json")));
}

TEST_F(ServiceNotifyTest, FeedsTheWatchdogUnlessTheControlThreadHangs) {
  ASSERT_NE(hear("READY=1").find("WATCHDOG=1"), std::string::npos);
  for (int turn = 0; turn < 3; ++turn)
    ASSERT_EQ(hear("WATCHDOG=1").find("nothing"), std::string::npos);

  std::ofstream(dir_.file("hang")) << "";
  node_->signal(SIGHUP);
  const auto hangs =
      wait_for("promtool", kPatience, [&] { return fs::exists(dir_.file("hangs")); });
  ASSERT_TRUE(hangs) << hangs.error().message;
  while (manager_.next() != "nothing") continue;
  EXPECT_EQ(manager_.next(2 * kWatchdog), "nothing");

  fs::remove(dir_.file("hang"));
  EXPECT_EQ(hear("WATCHDOG=1").find("nothing"), std::string::npos);
}

TEST_F(ServiceNotifyTest, ADrainIsNoStopAndTheFirstStopEndsADrainedNode) {
  (void)hear("READY=1");
  node_->signal(SIGUSR2);
  for (std::string heard; heard.find("STATUS=drained; waits") == std::string::npos;) {
    heard = hear("\n");
    ASSERT_EQ(heard.find("nothing"), std::string::npos);
    ASSERT_EQ(heard.find("STOPPING"), std::string::npos) << heard;
    ASSERT_EQ(heard.find("EXTEND"), std::string::npos) << heard;
  }
  ASSERT_EQ(hear("\n"), "WATCHDOG=1\n");
  node_->signal(SIGTERM);
  EXPECT_NE(hear("STOPPING=1").find("STOPPING=1\n"), std::string::npos);
  EXPECT_TRUE(node_->wait(kPatience));
}

TEST_F(ServiceNotifyTest, SaysThatItStops) {
  (void)hear("READY=1");
  node_->signal(SIGTERM);
  EXPECT_NE(hear("STOPPING=1").find("STOPPING=1\n"), std::string::npos);
  EXPECT_TRUE(node_->wait(kPatience));
}

}  // namespace
}  // namespace promster
