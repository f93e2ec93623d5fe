#include "cluster/demo_levels.h"

namespace promster {
namespace {

constexpr const char* kMetric = ":http_requests_app_total:irate";

Environment common(const std::string& etcd_url, const std::string& level) {
  return {{"LOG_LEVEL", "info"},
          {"REGISTRY_ETCD_URL", etcd_url},
          {"REGISTRY_ETCD_BASE", "/registry"},
          {"REGISTRY_SERVICE", "prom-" + level},
          {"REGISTRY_TTL", "5"},
          {"SCRAPE_ETCD_URL", etcd_url},
          {"SCRAPE_INTERVAL", "1s"},
          {"SCRAPE_TIMEOUT", "1s"},
          {"EVALUATION_INTERVAL", "1s"},
          {"RETENTION_TIME", "30m"},
          {"SCHEME", "http"},
          {"TLS_INSECURE", "false"}};
}

void add(Environment& environment, const Environment& more) {
  environment.insert(environment.end(), more.begin(), more.end());
}

Environment first_level(const std::string& etcd_url, const std::string& level) {
  Environment environment = common(etcd_url, level);
  add(environment, {{"SCRAPE_ETCD_PATH", kDemoTargets},
                    {"RECORD_RULE_1_NAME", level + kMetric},
                    {"RECORD_RULE_1_EXPR",
                     "sum(irate(http_requests_app_total[30s])) without (job,server_name,instance)"},
                    {"RECORD_RULE_1_LABELS", "site:s1,region:b1"}});
  return environment;
}

Environment further_level(const std::string& etcd_url, const std::string& level,
                          const std::string& below) {
  Environment environment = common(etcd_url, level);
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

std::vector<LevelOptions> demo_levels(const std::string& etcd_url, const std::vector<int>& nodes) {
  std::vector<LevelOptions> levels;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string name = level_name(i);
    levels.push_back({.name = name,
                      .nodes = nodes[i],
                      .environment = i == 0 ? first_level(etcd_url, name)
                                            : further_level(etcd_url, name, level_name(i - 1))});
  }
  if (levels.size() > 1) levels.back().environment.emplace_back("SCRAPE_SHARD_ENABLE", "false");
  return levels;
}

std::string demo_total(std::size_t levels) {
  return levels == 1 ? "sum(level1:http_requests_app_total:irate)"
                     : "total:http_requests_app_total:irate";
}

}  // namespace promster
