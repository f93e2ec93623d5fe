#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cluster/free_port.h"
#include "cluster/scrape_log.h"
#include "web/http_server.h"

namespace promster {

struct GeneratorOptions {
  int count = 1;                   // targets, each with a port of its own
  std::string host = "127.0.0.1";  // an address of this machine, by which they are scraped
  int first_port = 0;              // they take free ports from here on; 0: any
  double rate = 50;                // requests per second that each target counts
};

// Instrumented targets whose true total is known: each serves
//   /metrics  the counter http_requests_app_total in a few series, the sum of which grows by `rate`
//             per second and is exact at the moment of the answer
//   /scrapes  when it was scraped and by whom: {"scrapes": [unix seconds, ...], "scrapers":
//             ["address:port", ...]}, the last 10,000 (see cluster/scrape_log.h)
// It is the oracle of the demo, the tests and the benchmarks; etcd is not its business (see
// etcd/registrar.h).
//
// Thread rule: one thread; requests are answered on a thread of its own.
class Generator {
 public:
  static Result<std::unique_ptr<Generator>> start(const GeneratorOptions& options);

  // host:port of each target.
  const std::vector<std::string>& addresses() const { return addresses_; }
  // Requests per second of all targets together.
  double total_rate() const { return rate_ * static_cast<double>(addresses_.size()); }

 private:
  struct Target {
    std::string address;
    ScrapeLog scrapes;
  };

  explicit Generator(double rate) : rate_(rate), start_(std::chrono::steady_clock::now()) {}
  Result<void> reserve(const GeneratorOptions& options);
  Result<void> listen();
  WebResponse answer(const WebRequest& request);
  WebResponse metrics(Target& target, const std::string& scraper) const;

  const double rate_;
  const std::chrono::steady_clock::time_point start_;
  std::vector<PortLease> ports_;
  std::vector<std::string> addresses_;
  std::map<std::uint16_t, Target> targets_;  // by port; the server's thread's
  std::unique_ptr<HttpServer> server_;       // the last member: it ends before what it uses
};

// What a target serves after it has counted `total` requests.
std::string render_generator_metrics(const std::string& server_name, double total);

}  // namespace promster
