#include "cluster/etcd_server.h"

#include <chrono>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

extern char** environ;

namespace promster {
namespace {

constexpr Duration kStartTime(20'000);

// etcd takes every flag from an ETCD_ variable as well; those of our user are about another etcd.
std::vector<std::string> etcd_variables() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("ETCD_")) names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

std::string scheme(const EtcdOptions& options) {
  return options.cert_file.empty() ? "http" : "https";
}

std::string http(const PortLease& lease) {
  return "http://" + lease.address();
}

void add_tls(const EtcdOptions& options, std::vector<std::string>& argv) {
  if (options.cert_file.empty()) return;
  argv.insert(argv.end(), {"--cert-file", options.cert_file, "--key-file", options.key_file});
  if (options.client_ca_file.empty()) return;
  argv.insert(argv.end(), {"--client-cert-auth", "--trusted-ca-file", options.client_ca_file});
}

}  // namespace

Result<EtcdServer::Ports> EtcdServer::reserve_ports(int first) {
  auto client = reserve_port_from(first);
  auto peer = reserve_port_from(first);
  auto metrics = reserve_port_from(first);
  if (!client || !peer || !metrics) return Error{"start etcd: no free port"};
  return Ports{std::move(*client), std::move(*peer), std::move(*metrics)};
}

EtcdServer::EtcdServer(const EtcdOptions& options, Ports ports, const std::string& initial_cluster)
    : ports_(std::move(ports)),
      endpoint_(scheme(options) + "://" + ports_.client.address()),
      data_dir_(options.dir + "/data"),
      child_([&] {
        const std::string peer = http(ports_.peer);
        // The metrics address answers /health in plain HTTP whatever the clients need.
        std::vector<std::string> argv = {"etcd",
                                         "--name",
                                         options.name,
                                         "--data-dir",
                                         data_dir_,
                                         "--listen-client-urls",
                                         endpoint_,
                                         "--advertise-client-urls",
                                         endpoint_,
                                         "--listen-peer-urls",
                                         peer,
                                         "--initial-advertise-peer-urls",
                                         peer,
                                         "--initial-cluster",
                                         initial_cluster,
                                         "--listen-metrics-urls",
                                         http(ports_.metrics)};
        add_tls(options, argv);
        argv.insert(argv.end(), options.extra_args.begin(), options.extra_args.end());
        return SpawnOptions{.argv = std::move(argv),
                            .unset_environment = etcd_variables(),
                            .output_path = options.dir + "/" + options.name + ".log"};
      }()) {}

Result<EtcdServer> EtcdServer::launch(const EtcdOptions& options, Ports ports,
                                      const std::string& initial_cluster) {
  EtcdServer server(options, std::move(ports), initial_cluster);
  const auto launched = server.child_.launch();
  if (!launched) return launched.error();
  return server;
}

Result<EtcdServer> EtcdServer::start(const EtcdOptions& options) {
  auto cluster = start_cluster(options, 1);
  if (!cluster) return cluster.error();
  return std::move(cluster->front());
}

Result<std::vector<EtcdServer>> EtcdServer::start_cluster(const EtcdOptions& options, int members) {
  std::vector<EtcdOptions> each;
  std::vector<Ports> ports;
  std::string initial_cluster;
  for (int i = 0; i < members; ++i) {
    auto leased = reserve_ports(options.first_port);
    if (!leased) return leased.error();
    each.push_back(options);
    if (members > 1) {
      each.back().name += std::to_string(i);
      each.back().dir += "/" + each.back().name;
      std::error_code failed;
      std::filesystem::create_directories(each.back().dir, failed);
      if (failed) return Error{"make directory " + each.back().dir + ": " + failed.message()};
    }
    initial_cluster += (i == 0 ? "" : ",") + each.back().name + "=" + http(leased->peer);
    ports.push_back(std::move(*leased));
  }
  // All must run before any can answer: a cluster needs its quorum.
  std::vector<EtcdServer> cluster;
  for (std::size_t i = 0; i < each.size(); ++i) {
    auto server = launch(each[i], std::move(ports[i]), initial_cluster);
    if (!server) return server.error();
    cluster.push_back(std::move(*server));
  }
  for (EtcdServer& server : cluster) {
    const auto ready =
        server.child_.wait_until_ready(http(server.ports_.metrics) + "/health", kStartTime);
    if (!ready) return ready.error();
  }
  return cluster;
}

Result<void> EtcdServer::restart() {
  const auto launched = child_.launch();
  if (!launched) return launched;
  return child_.wait_until_ready(http(ports_.metrics) + "/health", kStartTime);
}

Result<void> EtcdServer::wipe() {
  std::error_code failed;
  std::filesystem::remove_all(data_dir_, failed);
  if (failed) return Error{"remove " + data_dir_ + ": " + failed.message()};
  return {};
}

std::string endpoints(const std::vector<EtcdServer>& cluster) {
  std::string all;
  for (const EtcdServer& server : cluster) all += (all.empty() ? "" : ",") + server.endpoint();
  return all;
}

}  // namespace promster
