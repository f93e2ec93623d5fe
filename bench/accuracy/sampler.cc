#include "bench/accuracy/sampler.h"

#include <chrono>
#include <utility>

#include "prom/prometheus_api.h"

namespace promster {

using std::chrono::seconds;
using std::chrono::steady_clock;

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Sampler::Sampler(std::string prometheus_url, std::string expr)
    : url_(std::move(prometheus_url)),
      expr_(std::move(expr)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Sampler::~Sampler() {
  thread_.request_stop();
  stopped_.close();
  thread_.join();
}

const std::vector<TotalAnswer>& Sampler::answers() {
  for (TotalAnswer& answer : came_.wait_until(steady_clock::now())) answers_.push_back(answer);
  return answers_;
}

void Sampler::run(const std::stop_token& stop) {
  PrometheusApi prometheus({.url = url_, .deadline = seconds(3)});
  auto next = steady_clock::now();
  while (!stop.stop_requested()) {
    const double asked = unix_seconds();
    const auto samples = prometheus.query(expr_);
    if (samples && samples->empty()) came_.push({.time = asked, .value = std::nullopt});
    if (samples && samples->size() == 1) {
      came_.push({.time = asked, .value = samples->front().value});
    }
    while (next <= steady_clock::now()) next += seconds(1);
    (void)stopped_.wait_until(next);
  }
}

}  // namespace promster
