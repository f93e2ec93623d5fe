// A real Prometheus evaluates our rules at the start of each interval, wherever its files lie: so
// do the nodes of all levels, at the same moments (core/rule_phase.h).
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "core/render.h"
#include "prom/http_client.h"
#include "prom/prometheus_api.h"

namespace promster {
namespace {

constexpr Duration kInterval = std::chrono::seconds(2);

void write(const std::string& path, const std::string& content) {
  std::ofstream(path) << content;
}

// When our group was evaluated last, in seconds within the interval; -1 where it was not yet.
double phase(HttpClient& http, const std::string& url) {
  // The recorded series has the time of its evaluation.
  const auto answer = http.get(url + "/api/v1/query?query=timestamp(a:b)");
  if (!answer) return -1;
  const std::string start = "\"value\":[";
  const std::size_t found = answer->body.find(start);
  if (found == std::string::npos) return -1;
  const std::size_t value = answer->body.find('"', found + start.size());
  return std::fmod(std::stod(answer->body.substr(value + 1)), 2.0);
}

TEST(RulePhaseLive, EveryFolderHasTheSameMoments) {
  for (const char* name : {"a", "another", "yet/another/one"}) {
    const TempDir dir = TempDir::make("rule-phase").value();
    Settings settings;
    settings.prometheus.config_dir = dir.file(name);
    settings.evaluation_interval = kInterval;
    settings.scrape.timeout = settings.scrape.interval = kInterval;
    settings.rules.push_back({.number = 1, .name = "a:b", .expr = "vector(1)"});
    std::filesystem::create_directories(settings.prometheus.config_dir + "/sd");
    const auto path = [&](std::string_view file) {
      return settings.prometheus.config_dir + "/" + std::string(file);
    };
    write(path(kPrometheusFile), render_prometheus_yml(settings));
    write(path(kRulesFile), render_rules_yml(settings));
    write(path(kTargetsFile), render_targets_json({}));
    auto server =
        PrometheusServer::start({.dir = dir.path(), .config_file = path(kPrometheusFile)});
    ASSERT_TRUE(server) << server.error().message;
    HttpClient http;
    const auto evaluated = wait_for("the rule to be evaluated", std::chrono::seconds(30),
                                    [&] { return phase(http, server->url()) >= 0; });
    ASSERT_TRUE(evaluated) << evaluated.error().message;
    EXPECT_LT(phase(http, server->url()), 2.0 / 250) << name;
  }
}

}  // namespace
}  // namespace promster
