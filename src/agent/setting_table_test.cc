#include "agent/setting_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/text.h"

namespace promster {
namespace {

std::string upper_snake(std::string_view name) {
  std::string text = "PROMSTER_";
  for (const char c : name) {
    text += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(c));
  }
  return text;
}

// The original's flags and variables (compat.md, 1 and 2). RETENTION_TIME had no flag.
const std::map<std::string, std::string> kOriginal{{"LOG_LEVEL", "loglevel"},
                                                   {"SCHEME", "scheme"},
                                                   {"TLS_INSECURE", "tls-insecure"},
                                                   {"SCRAPE_ETCD_URL", "scrape-etcd-url"},
                                                   {"SCRAPE_ETCD_PATH", "scrape-etcd-path"},
                                                   {"SCRAPE_PATHS", "scrape-paths"},
                                                   {"SCRAPE_MATCH_REGEX", "scrape-match"},
                                                   {"SCRAPE_SHARD_ENABLE", "scrape-shard-enable"},
                                                   {"SCRAPE_INTERVAL", "scrape-interval"},
                                                   {"SCRAPE_TIMEOUT", "scrape-timeout"},
                                                   {"EVALUATION_INTERVAL", "evaluation-interval"},
                                                   {"RETENTION_TIME", ""},
                                                   {"REGISTRY_ETCD_URL", "registry-etcd-url"},
                                                   {"REGISTRY_ETCD_BASE", "registry-etcd-base"},
                                                   {"REGISTRY_SERVICE", "registry-service-name"},
                                                   {"REGISTRY_TTL", "registry-node-ttl"}};

TEST(SettingTable, HasEveryVariableAndFlagOfTheOriginal) {
  for (const auto& [variable, alias] : kOriginal) {
    const auto found = std::ranges::find(setting_table(), variable, &SettingSpec::environment);
    ASSERT_NE(found, setting_table().end()) << variable;
    EXPECT_EQ(found->alias, alias);
  }
}

TEST(SettingTable, NamesOtherVariablesAfterTheirFlags) {
  const std::set<std::string> ours_without_prefix{
      "LOG_FORMAT",       "RECORD_RULE_GUARD",     "ALERT_MANAGER_URLS",
      "REMOTE_WRITE_URL", "REMOTE_WRITE_URL_FILE", "EXTERNAL_LABELS"};
  for (const SettingSpec& spec : setting_table()) {
    const std::string variable(spec.environment);
    if (kOriginal.contains(variable) || ours_without_prefix.contains(variable)) continue;
    EXPECT_EQ(variable, upper_snake(spec.name));
  }
}

TEST(SettingTable, TakesEachOfItsChoicesAndNoOther) {
  int with_choices = 0;
  for (const SettingSpec& spec : setting_table()) {
    if (spec.choices.empty()) continue;
    ++with_choices;
    Settings settings;
    for (const std::string_view choice : split(spec.choices, ' ')) {
      EXPECT_TRUE(spec.read(choice, settings)) << spec.name << " " << choice;
    }
    EXPECT_FALSE(spec.read("neither", settings)) << spec.name;
    EXPECT_NE(spec.choices.find(spec.fallback), std::string_view::npos) << spec.name;
  }
  EXPECT_GE(with_choices, 5);
}

TEST(SettingTable, HasNoNameTwice) {
  std::multiset<std::string> names;
  for (const SettingSpec& spec : setting_table()) {
    names.emplace(spec.name);
    names.emplace(spec.environment);
    if (!spec.alias.empty()) names.emplace(spec.alias);
  }
  for (const std::string& name : names) EXPECT_EQ(names.count(name), 1u) << name;
}

TEST(SettingTable, DefaultsAreThoseOfTheStruct) {
  Settings read;
  for (const SettingSpec& spec : setting_table()) {
    EXPECT_FALSE(spec.help.empty()) << spec.name;
    ASSERT_NE(spec.read, nullptr) << spec.name;
    if (spec.fallback.empty()) continue;
    const auto done = spec.read(spec.fallback, read);
    EXPECT_TRUE(done.ok()) << spec.name << ": " << done.error().message;
  }
  const Settings plain;
  EXPECT_EQ(read.log_level, plain.log_level);
  EXPECT_EQ(read.scrape.paths, plain.scrape.paths);
  EXPECT_EQ(read.scrape.interval, plain.scrape.interval);
  EXPECT_EQ(read.scrape.timeout, plain.scrape.timeout);
  EXPECT_EQ(read.scrape.shard, plain.scrape.shard);
  EXPECT_EQ(read.scrape.scheme, plain.scrape.scheme);
  EXPECT_EQ(read.scrape.max_targets, plain.scrape.max_targets);
  EXPECT_EQ(read.evaluation_interval, plain.evaluation_interval);
  EXPECT_EQ(read.registry.base, plain.registry.base);
  EXPECT_EQ(read.registry.ttl, plain.registry.ttl);
  EXPECT_EQ(read.scrape.etcd.dial_timeout, plain.scrape.etcd.dial_timeout);
  EXPECT_EQ(read.shard.slack, plain.shard.slack);
  EXPECT_EQ(read.shard.replicas, plain.shard.replicas);
  EXPECT_EQ(read.shard.key, plain.shard.key);
  EXPECT_EQ(read.prometheus.url, plain.prometheus.url);
  EXPECT_EQ(read.prometheus.binary, plain.prometheus.binary);
  EXPECT_EQ(read.prometheus.retention, plain.prometheus.retention);
  EXPECT_EQ(read.web.listen_address, plain.web.listen_address);
  EXPECT_EQ(read.web.route_prefix, plain.web.route_prefix);
}

TEST(SettingTable, FindsByNameAndByAlias) {
  EXPECT_EQ(find_setting("scrape.interval"), find_setting("scrape-interval"));
  EXPECT_EQ(find_setting("scrape"), nullptr);
  EXPECT_EQ(find_setting(""), nullptr);
}

}  // namespace
}  // namespace promster
