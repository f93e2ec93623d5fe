// What the settings of a start make of a site's own configuration, and of what goes with it.
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/settings_load.h"

namespace promster {
namespace {

using Environment = std::map<std::string, std::string>;

LoadedSettings load(const std::string& base, Environment environment = {}) {
  environment.insert({{"SCRAPE_ETCD_URL", "http://e:2379"},
                      {"SCRAPE_ETCD_PATH", "/t"},
                      {"PROMSTER_PROMETHEUS_BASE_CONFIG", "/etc/p/site.yml"}});
  return load_settings({.flags = {},
                        .environment = environment,
                        .read = [&](const std::string& path) -> Result<std::string> {
                          if (path != "/etc/p/site.yml") return Error{"read " + path + ": no"};
                          return base;
                        },
                        .can_write = [](const std::string&) { return true; }});
}

std::string first_error(const LoadedSettings& loaded) {
  return loaded.errors.empty() ? "" : loaded.errors.front();
}

std::string source(const LoadedSettings& loaded, const std::string& name) {
  return std::ranges::find(loaded.provenance, name, &Provenance::name)->source;
}

TEST(BaseConfigSettings, ItsIntervalsCountWhereNobodySetsOurs) {
  const LoadedSettings loaded = load("global: {scrape_interval: 5s, evaluation_interval: 7s}",
                                     {{"EVALUATION_INTERVAL", "9s"}});
  EXPECT_EQ(first_error(loaded), "");
  EXPECT_EQ(loaded.settings.scrape.interval, std::chrono::seconds(5));
  EXPECT_EQ(loaded.settings.scrape.timeout, std::chrono::seconds(5));
  EXPECT_EQ(loaded.settings.evaluation_interval, std::chrono::seconds(9));
  EXPECT_EQ(source(loaded, "scrape.interval"), "global.scrape_interval in /etc/p/site.yml");
  EXPECT_EQ(source(loaded, "scrape.timeout"), "derived from scrape.interval");
  EXPECT_EQ(source(loaded, "rules.evaluation-interval"), "EVALUATION_INTERVAL");
  EXPECT_EQ(loaded.settings.prometheus.base_intervals,
            (std::vector<std::string>{"scrape_interval", "scrape_timeout"}));
}

TEST(BaseConfigSettings, WhatIsWrongWithItNamesSettingFileAndLine) {
  EXPECT_EQ(first_error(load("a: [\n")).substr(0, 56),
            "PROMSTER_PROMETHEUS_BASE_CONFIG: /etc/p/site.yml: line 2");
  EXPECT_NE(first_error(load("scrape_configs:\n- job_name: /metrics\n"))
                .find("/etc/p/site.yml: line 2: job_name \"/metrics\" is also"),
            std::string::npos);
  const LoadedSettings gone = load("", {{"PROMSTER_PROMETHEUS_BASE_CONFIG", "/nowhere"}});
  EXPECT_EQ(first_error(gone), "PROMSTER_PROMETHEUS_BASE_CONFIG: read /nowhere: no");
}

TEST(BaseConfigSettings, WhereAlertsAndSamplesGo) {
  const LoadedSettings loaded =
      load("storage: {}", {{"ALERT_MANAGER_URLS", "http://a:1/x/, https://[::1]:2"},
                           {"REMOTE_WRITE_URL", "https://h/write?a=b"},
                           {"EXTERNAL_LABELS", "node:%{node},site:s"},
                           {"ALERT_RULE_1_NAME", "a"},
                           {"ALERT_RULE_1_EXPR", "x > 0"}});
  EXPECT_EQ(first_error(loaded), "");
  const PrometheusSettings& prometheus = loaded.settings.prometheus;
  EXPECT_EQ(prometheus.alertmanager_urls,
            (std::vector<std::string>{"http://a:1/x", "https://[::1]:2"}));
  EXPECT_EQ(prometheus.remote_write_url, "https://h/write?a=b");
  EXPECT_EQ(prometheus.external_labels, (Labels{{"node", "%{node}"}, {"site", "s"}}));
  EXPECT_EQ(loaded.settings.alerts.size(), 1u);
}

TEST(BaseConfigSettings, ATokenInTheUrlOfRemoteWriteIsNotShown) {
  const std::string url = "https://h/push?api_key=SEKRET";
  const auto shown = [](const LoadedSettings& loaded) {
    return std::ranges::find(loaded.provenance, "prometheus.remote-write-url", &Provenance::name)
        ->value;
  };
  const LoadedSettings given = load("storage: {}", {{"REMOTE_WRITE_URL", url}});
  EXPECT_EQ(given.settings.prometheus.remote_write_url, url);
  EXPECT_EQ(shown(given), "https://h/push?api_key=<secret>");

  // Any file will do; the site's is at hand.
  const LoadedSettings file = load(url + "\n", {{"REMOTE_WRITE_URL_FILE", "/etc/p/site.yml"},
                                                {"PROMSTER_PROMETHEUS_BASE_CONFIG", ""}});
  EXPECT_EQ(first_error(file), "");
  EXPECT_EQ(file.settings.prometheus.remote_write_url, url);
  EXPECT_EQ(shown(file), "********") << "it may be in the path as well";
  EXPECT_EQ(source(file, "prometheus.remote-write-url"), "REMOTE_WRITE_URL_FILE");

  for (const std::string wrong : {"https://h/push?api_key=SEKRET x", "https://h?SEKRET#x"}) {
    const std::string error = first_error(load("storage: {}", {{"REMOTE_WRITE_URL", wrong}}));
    EXPECT_NE(error.find("<secret>"), std::string::npos) << error;
    EXPECT_EQ(error.find("SEKRET"), std::string::npos) << error;
    const std::string of_file =
        first_error(load(wrong + "\nSEKRET", {{"REMOTE_WRITE_URL_FILE", "/etc/p/site.yml"},
                                              {"PROMSTER_PROMETHEUS_BASE_CONFIG", ""}}));
    EXPECT_TRUE(of_file.starts_with("REMOTE_WRITE_URL_FILE: ")) << of_file;
    EXPECT_EQ(of_file.find("SEKRET"), std::string::npos) << of_file;
  }
}

TEST(BaseConfigSettings, EveryFaultNamesTheVariable) {
  const std::map<std::string, std::string> faults{{"ALERT_MANAGER_URLS", "am:9093"},
                                                  {"REMOTE_WRITE_URL", "https://u:pw@h/write"},
                                                  {"EXTERNAL_LABELS", "node:%{host}"},
                                                  {"ALERT_RULE_1_NAME", "a"}};
  for (const auto& [name, value] : faults) {
    const LoadedSettings loaded = load("storage: {}", {{name, value}});
    ASSERT_EQ(loaded.errors.size(), 1u) << name;
    EXPECT_NE(first_error(loaded).find(name.substr(0, 10)), std::string::npos);
    EXPECT_EQ(first_error(loaded).find("pw@"), std::string::npos);
  }
  const LoadedSettings slip = load("storage: {}", {{"ALERT_MANAGER_URL", "http://a:1"}});
  ASSERT_EQ(slip.warnings.size(), 1u);
  EXPECT_NE(slip.warnings[0].find("did you mean ALERT_MANAGER_URLS?"), std::string::npos);
}

}  // namespace
}  // namespace promster
