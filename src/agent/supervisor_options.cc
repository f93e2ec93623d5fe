#include "agent/supervisor_options.h"

#include <algorithm>

#include "base/duration.h"
#include "core/prometheus_url.h"
#include "core/reconciler.h"
#include "core/render.h"

namespace promster {
namespace {

// Beyond the time in which the agent hands its targets over: it may have to end a reload first,
// gives its key back, and ends.
constexpr Duration kFarewell = std::chrono::seconds(15);

// "--web.listen-address" of "--web.listen-address=:9090".
std::string flag_name(const std::string& argument) {
  return argument.substr(0, argument.find('='));
}

std::vector<std::string> prometheus_arguments(const PrometheusSettings& prometheus) {
  const auto url = parse_prometheus_url(prometheus.url);
  const std::string port = std::to_string(url ? url->port : 9090);
  const std::vector<std::string> ours{
      "--config.file=" + prometheus.config_dir + "/" + std::string(kPrometheusFile),
      "--storage.tsdb.path=" + prometheus.data_dir,
      "--storage.tsdb.retention.time=" + format_duration(prometheus.retention),
      "--web.listen-address=:" + port};
  std::vector<std::string> all{prometheus.binary};
  // Prometheus refuses a flag that is given twice.
  std::ranges::copy_if(ours, std::back_inserter(all), [&prometheus](const std::string& argument) {
    return std::ranges::none_of(prometheus.extra_args, [&argument](const std::string& extra) {
      return flag_name(extra) == flag_name(argument);
    });
  });
  std::ranges::copy(prometheus.extra_args, std::back_inserter(all));
  return all;
}

}  // namespace

std::string prometheus_pid_file(const Settings& settings) {
  return settings.prometheus.config_dir + "/prometheus.pid";
}

SupervisorOptions supervisor_options(const Settings& settings, const std::string& program,
                                     const std::vector<std::string>& arguments) {
  SupervisorOptions options;
  options.agent.argv.push_back(program);
  std::ranges::copy(arguments, std::back_inserter(options.agent.argv));
  options.agent.environment = {{kSupervisedVariable, "1"}};
  // The agent tells the service manager how it is (agent/service_notify.h), and feeds a watchdog
  // that was set for this process.
  options.agent.unset_environment = {"WATCHDOG_PID"};
  options.prometheus.argv = prometheus_arguments(settings.prometheus);
  options.prometheus.unset_environment = {"PROMSTER_ETCD_PASSWORD", "NOTIFY_SOCKET", "WATCHDOG_PID",
                                          "WATCHDOG_USEC"};
  options.config_dir = settings.prometheus.config_dir;
  options.prometheus_config = settings.prometheus.config_dir + "/" + std::string(kPrometheusFile);
  options.pid_file = prometheus_pid_file(settings);
  options.agent_grace = drain_budget(settings) + kFarewell;
  return options;
}

}  // namespace promster
