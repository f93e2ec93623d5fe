#include "cluster/demo_levels.h"

namespace promster {
namespace {

constexpr const char* kMetric = ":http_requests_app_total:irate";

void add(Environment& environment, const Environment& more) {
  environment.insert(environment.end(), more.begin(), more.end());
}

Environment common(const DemoLevels& options, const std::string& level) {
  Environment environment{{"LOG_LEVEL", "info"},
                          {"REGISTRY_ETCD_URL", options.etcd_url},
                          {"REGISTRY_ETCD_BASE", "/registry"},
                          {"REGISTRY_SERVICE", "prom-" + level},
                          {"REGISTRY_TTL", std::to_string(options.ttl.count() / 1000)},
                          {"SCRAPE_ETCD_URL", options.etcd_url},
                          {"SCRAPE_INTERVAL", format_duration(options.interval)},
                          {"SCRAPE_TIMEOUT", format_duration(options.timeout)},
                          {"EVALUATION_INTERVAL", format_duration(options.interval)},
                          {"RETENTION_TIME", "30m"},
                          {"SCHEME", "http"},
                          {"TLS_INSECURE", "false"}};
  add(environment, options.environment);
  return environment;
}

Environment first_level(const DemoLevels& options, const std::string& level) {
  Environment environment = common(options, level);
  add(environment, {{"SCRAPE_ETCD_PATH", kDemoTargets},
                    {"RECORD_RULE_1_NAME", level + kMetric},
                    {"RECORD_RULE_1_EXPR", "sum(irate(http_requests_app_total[" +
                                               format_duration(options.range) +
                                               "])) without (job,server_name,instance)"},
                    {"RECORD_RULE_1_LABELS", "site:s1,region:b1"}});
  return environment;
}

Environment further_level(const DemoLevels& options, const std::string& level,
                          const std::string& below) {
  Environment environment = common(options, level);
  add(environment, {{"SCRAPE_ETCD_PATH", "/registry/prom-" + below},
                    {"SCRAPE_PATHS", "/federate"},
                    {"SCRAPE_MATCH_REGEX", below + ":.*"},
                    {"RECORD_RULE_1_NAME", level + kMetric},
                    {"RECORD_RULE_1_EXPR", "sum(" + below + kMetric + ") without (job,instance)"},
                    {"RECORD_RULE_2_NAME", std::string("total") + kMetric},
                    {"RECORD_RULE_2_EXPR", "sum(" + below + kMetric + ")"}});
  return environment;
}

std::string level_name(std::size_t level) {
  return "level" + std::to_string(level + 1);
}

}  // namespace

std::vector<LevelOptions> demo_levels(const DemoLevels& options, const std::vector<int>& nodes) {
  std::vector<LevelOptions> levels;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string name = level_name(i);
    levels.push_back({.name = name,
                      .nodes = nodes[i],
                      .environment = i == 0 ? first_level(options, name)
                                            : further_level(options, name, level_name(i - 1))});
  }
  if (levels.size() > 1) levels.back().environment.emplace_back("SCRAPE_SHARD_ENABLE", "false");
  return levels;
}

std::string demo_total(std::size_t levels) {
  return levels == 1 ? "sum(level1:http_requests_app_total:irate)"
                     : "total:http_requests_app_total:irate";
}

}  // namespace promster
