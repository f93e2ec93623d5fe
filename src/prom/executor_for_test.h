#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "prom/executor.h"
#include "prom/files.h"

namespace promster {

// For the tests of the executor: a directory of configurations, and a real Prometheus that reads it
// where a test starts one.
class ExecutorTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return dir_.file(name); }
  std::string content(const std::string& name) const {
    const auto text = read_file(path(name));
    return text ? *text : "(none)";
  }

  // Options for a Prometheus at `url`. Our own validation is core's, and tested there.
  ExecutorOptions options(const std::string& url) const {
    ExecutorOptions result = ExecutorOptions::from({.url = url, .config_dir = dir_.path()});
    result.validate = [](const ApplyConfig&) { return Result<void>(); };
    result.prometheus.deadline = Duration(2000);
    result.prometheus.reload_deadline = Duration(5000);
    return result;
  }
  Executor executor() const { return Executor(options(server_->url()), log_); }

  // A Prometheus that reads our directory, with `config` in it.
  void start(const ApplyConfig& config, bool lifecycle = true,
             const std::vector<std::string>& run_by = {}) {
    ASSERT_TRUE(replace_file(path("rules.yml"), config.rules_yml));
    ASSERT_TRUE(replace_file(path("prometheus.yml"), config.prometheus_yml));
    ASSERT_TRUE(ensure_directory(path("sd")));
    auto started = PrometheusServer::start({.dir = data_.path(),
                                            .config_file = path("prometheus.yml"),
                                            .lifecycle = lifecycle,
                                            .run_by = run_by});
    ASSERT_TRUE(started) << started.error().message;
    server_.emplace(std::move(*started));
  }
  PrometheusApi api() const { return PrometheusApi({.url = server_->url()}); }
  double last_reload() const { return api().reload_state()->success_time; }
  bool scrapes(const std::string& address) const {
    const auto targets = api().active_targets();
    return targets && targets->size() == 1 && targets->at(0).instance == address;
  }
  Result<void> wait_until_scraping(const std::string& address) const {
    return wait_for("scrape " + address, Duration(30'000), [&] { return scrapes(address); });
  }
  static ConfigOutcome apply(Executor& executor, const ApplyConfig& config) {
    return *executor.execute({.config = config}).config;
  }

  TempDir dir_ = *TempDir::make("promster-executor-test");
  TempDir data_ = *TempDir::make("promster-executor-test");
  Log log_{LogLevel::kError};
  std::optional<PrometheusServer> server_;
};

}  // namespace promster
