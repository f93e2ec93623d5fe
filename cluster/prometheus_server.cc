#include "cluster/prometheus_server.h"

#include <fstream>
#include <utility>

namespace promster {
namespace {

constexpr Duration kStartTime(20'000);

SpawnOptions spawn_options(const PrometheusOptions& options, const PortLease& port) {
  std::vector<std::string> argv = options.run_by;
  argv.insert(argv.end(), {"prometheus", "--config.file=" + options.config_file,
                           "--storage.tsdb.path=" + options.dir + "/data",
                           "--web.listen-address=" + port.address()});
  if (options.lifecycle) argv.emplace_back("--web.enable-lifecycle");
  argv.insert(argv.end(), options.extra_args.begin(), options.extra_args.end());
  return {.argv = std::move(argv), .output_path = options.dir + "/prometheus.log"};
}

}  // namespace

PrometheusServer::PrometheusServer(const PrometheusOptions& options, PortLease port)
    : port_(std::move(port)), child_(spawn_options(options, port_)) {}

Result<PrometheusServer> PrometheusServer::start(const PrometheusOptions& options) {
  auto port = reserve_port();
  if (!port) return port.error().within("start prometheus");
  PrometheusOptions complete = options;
  if (complete.config_file.empty()) {
    complete.config_file = options.dir + "/prometheus.yml";
    std::ofstream(complete.config_file) << "global: {}\n";
  }
  PrometheusServer server(complete, std::move(*port));
  const auto ready = server.restart();
  if (!ready) return ready.error();
  return server;
}

Result<void> PrometheusServer::restart() {
  const auto launched = child_.launch();
  if (!launched) return launched;
  return child_.wait_until_ready(url() + "/-/ready", kStartTime);
}

}  // namespace promster
