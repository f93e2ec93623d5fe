#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cluster/child.h"
#include "cluster/free_port.h"

namespace promster {

struct EtcdOptions {
  std::string dir;  // exists; its data and its log go there
  std::string name = "etcd";
  int first_port = 0;  // its ports are free ones from here on; 0: any
  // TLS for clients where a certificate is given; with a CA, clients must show a certificate of it.
  std::string cert_file, key_file, client_ca_file;
  std::vector<std::string> extra_args;  // such as {"--auth-token-ttl", "2"}
};

// A real etcd (Debian's etcd-server) on loopback, run as a child.
//
// Thread rule: one thread, which outlives it.
class EtcdServer {
 public:
  // Returns once it answers.
  static Result<EtcdServer> start(const EtcdOptions& options);
  // Members of one cluster, each in a directory of its own below `options.dir`.
  static Result<std::vector<EtcdServer>> start_cluster(const EtcdOptions& options, int members);

  // Where clients find it: http://127.0.0.1:PORT, or https://.
  const std::string& endpoint() const { return endpoint_; }
  const std::string& log_path() const { return child_.log_path(); }
  bool running() { return child_.running(); }
  pid_t pid() const { return child_.pid(); }

  void stop() { child_.stop(); }
  void kill() { child_.kill(); }
  void pause() { child_.pause(); }
  void resume() { child_.resume(); }
  // After stop() or kill(): the same data, the same ports. Returns once it answers.
  Result<void> restart();
  // After stop() or kill(): forgets everything that was put.
  Result<void> wipe();

 private:
  struct Ports {
    PortLease client, peer, metrics;
  };
  static Result<Ports> reserve_ports(int first);
  static Result<EtcdServer> launch(const EtcdOptions& options, Ports ports,
                                   const std::string& initial_cluster);
  EtcdServer(const EtcdOptions& options, Ports ports, const std::string& initial_cluster);

  Ports ports_;
  std::string endpoint_;
  std::string data_dir_;
  Child child_;
};

// The endpoints of a cluster, separated by commas.
std::string endpoints(const std::vector<EtcdServer>& cluster);

}  // namespace promster
