#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cluster/child.h"
#include "cluster/free_port.h"

namespace promster {

using Environment = std::vector<std::pair<std::string, std::string>>;

struct NodeOptions {
  std::string binary;  // promster
  std::string name;    // how logs and tables call it, such as "level1-2"
  std::string dir;     // exists; a folder and a log of its name are made in it
  Environment environment;
  int first_port = 0;  // its two ports are free ones from here on; 0: any
};

// One node of a cluster as its users run it: `promster run --prometheus.start` with an environment,
// and a Prometheus under it, on loopback. Settings in the environment of the caller do not reach
// it.
//
// Thread rule: one thread, which outlives it.
class Node {
 public:
  // Returns as soon as the process runs.
  static Result<Node> start(const NodeOptions& options);

  // Waits until /-/ready of the agent answers 200.
  Result<void> wait_until_ready(Duration most);

  const std::string& name() const { return name_; }
  std::string address() const { return prometheus_port_.address(); }  // its name in etcd
  std::string prometheus_url() const { return "http://" + prometheus_port_.address(); }
  std::string web_url() const { return "http://" + web_port_.address(); }
  const std::string& config_dir() const { return config_dir_; }
  const std::string& log_path() const { return child_.log_path(); }

  // The supervisor of the node, which ends its agent and its Prometheus with itself.
  Child& process() { return child_; }

  // All of its processes: the supervisor, its agent and its Prometheus.
  std::vector<pid_t> pids() const;

  // Ends all processes of the node at once, as a crash of its machine would.
  void crash();

 private:
  Node(const NodeOptions& options, PortLease prometheus_port, PortLease web_port);

  std::string name_;
  std::string config_dir_;
  PortLease prometheus_port_, web_port_;
  Child child_;
};

}  // namespace promster
