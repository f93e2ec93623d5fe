#include "agent/supervisor_options.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

using Strings = std::vector<std::string>;

Settings settings() {
  Settings settings;
  settings.prometheus.config_dir = "/c";
  settings.prometheus.data_dir = "/d";
  settings.prometheus.url = "http://127.0.0.1:9191";
  settings.prometheus.retention = Duration(1'800'000);
  return settings;
}

TEST(SupervisorOptions, TheAgentIsThisProgramAgain) {
  const auto options = supervisor_options(settings(), "/bin/promster", {"run", "--x=y"});
  EXPECT_EQ(options.agent.argv, (Strings{"/bin/promster", "run", "--x=y"}));
  ASSERT_EQ(options.agent.environment.size(), 1u);
  EXPECT_EQ(options.agent.environment[0].first, kSupervisedVariable);
}

TEST(SupervisorOptions, PrometheusListensOnEveryAddressAtThePortOfItsUrl) {
  const auto options = supervisor_options(settings(), "p", {});
  EXPECT_EQ(options.prometheus.argv,
            (Strings{"prometheus", "--config.file=/c/prometheus.yml", "--storage.tsdb.path=/d",
                     "--storage.tsdb.retention.time=30m", "--web.listen-address=:9191"}));
  EXPECT_EQ(options.config_dir, "/c");
  EXPECT_EQ(options.prometheus_config, "/c/prometheus.yml");
  EXPECT_EQ(options.pid_file, "/c/prometheus.pid");
}

TEST(SupervisorOptions, ExtraArgumentsReplaceOurs) {
  Settings with = settings();
  with.prometheus.extra_args = {"--web.listen-address=127.0.0.1:9191", "--web.enable-admin-api"};
  const auto options = supervisor_options(with, "p", {});
  EXPECT_EQ(options.prometheus.argv,
            (Strings{"prometheus", "--config.file=/c/prometheus.yml", "--storage.tsdb.path=/d",
                     "--storage.tsdb.retention.time=30m", "--web.listen-address=127.0.0.1:9191",
                     "--web.enable-admin-api"}));
}

// systemd means its watchdog for the main process, which is the supervisor.
TEST(SupervisorOptions, TheAgentFeedsTheWatchdogOfTheSupervisor) {
  EXPECT_EQ(supervisor_options(settings(), "p", {}).agent.unset_environment,
            (Strings{"WATCHDOG_PID"}));
}

TEST(SupervisorOptions, PrometheusLearnsNeitherThePasswordNorTheServiceManager) {
  EXPECT_EQ(supervisor_options(settings(), "p", {}).prometheus.unset_environment,
            (Strings{"PROMSTER_ETCD_PASSWORD", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"}));
}

}  // namespace
}  // namespace promster
