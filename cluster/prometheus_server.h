#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cluster/child.h"
#include "cluster/free_port.h"

namespace promster {

struct PrometheusOptions {
  std::string dir;          // exists; its data and its log go there
  std::string config_file;  // empty: one without any job is written into `dir`
  bool lifecycle = true;    // whether POST /-/reload works
  std::vector<std::string> extra_args;
  std::vector<std::string> run_by;  // a program that becomes Prometheus, and its arguments
};

// A real Prometheus (Debian's prometheus) on loopback, run as a child.
//
// Thread rule: one thread, which outlives it.
class PrometheusServer {
 public:
  // Returns once /-/ready answers 200.
  static Result<PrometheusServer> start(const PrometheusOptions& options);

  std::string url() const { return "http://" + port_.address(); }
  std::string address() const { return port_.address(); }
  pid_t pid() const { return child_.pid(); }
  const std::string& log_path() const { return child_.log_path(); }
  bool running() { return child_.running(); }

  void stop() { child_.stop(); }
  void kill() { child_.kill(); }
  void pause() { child_.pause(); }
  void resume() { child_.resume(); }
  void signal(int number) { child_.signal(number); }
  // After stop() or kill(): the same data, the same port. Returns once it is ready.
  Result<void> restart();

 private:
  PrometheusServer(const PrometheusOptions& options, PortLease port);

  PortLease port_;
  Child child_;
};

}  // namespace promster
