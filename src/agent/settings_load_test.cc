#include "agent/settings_load.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace promster {
namespace {

using Strings = std::vector<std::string>;

// Sources without any process or disk: files are what `files` holds.
struct Given {
  Strings arguments{};
  std::map<std::string, std::string> environment{};
  std::map<std::string, std::string> files{};
  bool system_dir = true;
};

LoadedSettings load(const Given& given) {
  const TakenFlags taken = take_setting_flags(given.arguments);
  return load_settings({.flags = taken.flags,
                        .environment = given.environment,
                        .read = [&given](const std::string& path) -> Result<std::string> {
                          const auto found = given.files.find(path);
                          if (found == given.files.end())
                            return Error{"read " + path + ": No such file or directory"};
                          return found->second;
                        },
                        .can_write = [&given](const std::string&) { return given.system_dir; }});
}

// The same, with what every start needs.
LoadedSettings load_more(std::map<std::string, std::string> environment, Strings arguments = {}) {
  environment.insert({{"SCRAPE_ETCD_URL", "http://e:2379"}, {"SCRAPE_ETCD_PATH", "/t"}});
  return load({.arguments = std::move(arguments), .environment = std::move(environment)});
}

bool holds(const Strings& messages, const std::string& part) {
  return std::ranges::any_of(
      messages, [&part](const std::string& m) { return m.find(part) != std::string::npos; });
}

Provenance row(const LoadedSettings& loaded, const std::string& name) {
  return *std::ranges::find(loaded.provenance, name, &Provenance::name);
}

TEST(LoadSettings, TheLeastThatStarts) {
  const LoadedSettings loaded = load_more({});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.warnings, Strings{});
  EXPECT_EQ(loaded.settings.scrape.etcd.endpoints, (Strings{"http://e:2379"}));
  EXPECT_FALSE(loaded.settings.sharding());
  EXPECT_EQ(loaded.settings.prometheus.config_dir, "/var/lib/promster");
  EXPECT_EQ(loaded.settings.prometheus.data_dir, "/var/lib/promster/data");
}

TEST(LoadSettings, TheOriginalsEnvironmentOfLevelTwo) {
  const LoadedSettings loaded = load({.environment = {
                                          {"LOG_LEVEL", "info"},
                                          {"SCHEME", "http"},
                                          {"TLS_INSECURE", "false"},
                                          {"REGISTRY_ETCD_URL", "http://etcd0:2379"},
                                          {"REGISTRY_ETCD_BASE", "/registry"},
                                          {"REGISTRY_SERVICE", "prom-level2"},
                                          {"REGISTRY_TTL", "5"},
                                          {"SCRAPE_ETCD_URL", "http://etcd0:2379"},
                                          {"SCRAPE_ETCD_PATH", "/registry/prom-level1"},
                                          {"SCRAPE_PATHS", "/federate"},
                                          {"SCRAPE_MATCH_REGEX", "level1:.*"},
                                          {"SCRAPE_INTERVAL", "5s"},
                                          {"SCRAPE_TIMEOUT", "3s"},
                                          {"RETENTION_TIME", "30m"},
                                          {"EVALUATION_INTERVAL", "20s"},
                                          {"SCRAPE_SHARD_ENABLE", "true"},
                                      }});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.warnings, Strings{});
  const Settings& settings = loaded.settings;
  EXPECT_TRUE(settings.sharding());
  EXPECT_EQ(settings.registry.ttl, Duration(5'000));
  EXPECT_EQ(settings.registry.service, "prom-level2");
  EXPECT_EQ(settings.scrape.paths, (Strings{"/federate"}));
  EXPECT_EQ(settings.scrape.match_regex, "level1:.*");
  EXPECT_EQ(settings.scrape.timeout, Duration(3'000));
  EXPECT_EQ(settings.prometheus.retention, Duration(1'800'000));
  EXPECT_EQ(settings.evaluation_interval, Duration(20'000));
}

TEST(LoadSettings, FlagBeforeEnvironmentBeforeFileBeforeDefault) {
  Given given{.arguments = {"--config.file=p.yml", "--scrape.interval=1s"},
              .environment = {{"SCRAPE_INTERVAL", "2s"}, {"EVALUATION_INTERVAL", "3s"}},
              .files = {{"p.yml",
                         "scrape:\n  etcd-url: e:1\n  etcd-path: /t\n  interval: 4s\n"
                         "rules.evaluation-interval: 5s\nlog.level: debug\n"}}};
  const LoadedSettings loaded = load(given);
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.settings.scrape.interval, Duration(1'000));
  EXPECT_EQ(loaded.settings.evaluation_interval, Duration(3'000));
  EXPECT_EQ(loaded.settings.log_level, LogLevel::kDebug);
  EXPECT_EQ(row(loaded, "scrape.interval").source, "--scrape.interval");
  EXPECT_EQ(row(loaded, "rules.evaluation-interval").source, "EVALUATION_INTERVAL");
  EXPECT_EQ(row(loaded, "log.level").source, "log.level in p.yml");
  EXPECT_EQ(row(loaded, "registry.ttl").source, "default");
  EXPECT_EQ(row(loaded, "registry.ttl").value, "10s");
}

TEST(LoadSettings, ListsInTheFile) {
  const LoadedSettings loaded =
      load({.arguments = {"--config.file=p.yml"},
            .files = {{"p.yml",
                       "scrape: {etcd-url: [a:1, b:1], etcd-path: /t, paths: [/a, /b]}\n"
                       "prometheus:\n  extra-args: ['--x=a b', --y]\n"}}});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.settings.scrape.etcd.endpoints, (Strings{"http://a:1", "http://b:1"}));
  EXPECT_EQ(loaded.settings.scrape.paths, (Strings{"/a", "/b"}));
  EXPECT_EQ(loaded.settings.prometheus.extra_args, (Strings{"--x=a b", "--y"}));
}

TEST(LoadSettings, AFileThatIsWrong) {
  const Strings errors = load({.arguments = {"--config.file=p.yml"},
                               .files = {{"p.yml", "scrape.intervall: 5s\nscrape-paths: /x\n"}}})
                             .errors;
  EXPECT_TRUE(
      holds(errors, "p.yml: scrape.intervall is no setting; did you mean scrape.interval?"));
  EXPECT_TRUE(holds(errors, "p.yml: scrape-paths is no setting; did you mean scrape.paths?"));
  EXPECT_TRUE(holds(load({.arguments = {"--config.file=none.yml"}}).errors,
                    "--config.file: read none.yml: No such file"));
}

TEST(LoadSettings, AnEmptyValueIsNotSet) {
  const LoadedSettings loaded =
      load_more({{"SCRAPE_SHARD_ENABLE", ""}, {"REGISTRY_TTL", ""}}, {"--scrape.interval="});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(row(loaded, "scrape.interval").source, "default");
}

TEST(LoadSettings, TwoSpellingsThatDisagree) {
  const Strings errors = load_more({}, {"--scrape.interval=5s", "--scrape-interval=10s",
                                        "-scrape-timeout=5s", "--scrape.timeout=5s"})
                             .errors;
  EXPECT_EQ(errors, (Strings{"--scrape.interval=5s and --scrape-interval=10s are one setting and "
                             "disagree; try: give only --scrape.interval"}));
}

TEST(LoadSettings, TheSameSpellingAgainReplacesIt) {
  const LoadedSettings loaded = load_more({}, {"--scrape.interval=5s", "--scrape.interval=6s"});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.settings.scrape.interval, Duration(6'000));
}

TEST(LoadSettings, EverythingThatIsWrongAtOnce) {
  const Strings errors = load({.arguments = {"--shard.slack=-1"},
                               .environment = {{"SCRAPE_INTERVAL", "5"},
                                               {"LOG_LEVEL", "loud"},
                                               {"SCHEME", "ftp"},
                                               {"SCRAPE_MATCH_REGEX", "("},
                                               {"SCRAPE_PATHS", "metrics"},
                                               {"REGISTRY_ETCD_URL", "etcd0"},
                                               {"REGISTRY_TTL", "1"},
                                               {"SCRAPE_SHARD_ENABLE", "maybe"},
                                               {"RECORD_RULE_1_NAME", "no such name"},
                                               {"RECORD_RULE_1_EXPR", "x"}}})
                             .errors;
  EXPECT_TRUE(holds(errors, "SCRAPE_INTERVAL: \"5\" is a duration without a unit; try: 5s"));
  EXPECT_TRUE(holds(errors, "LOG_LEVEL: \"loud\" is none of the values"));
  EXPECT_TRUE(holds(errors, "SCHEME: \"ftp\" is none of the values there are; try: http, https"));
  EXPECT_TRUE(holds(errors, "SCRAPE_MATCH_REGEX: \"(\" is no regular expression"));
  EXPECT_TRUE(holds(errors, "SCRAPE_PATHS: \"metrics\" is no path"));
  EXPECT_TRUE(holds(errors, "try: http://etcd0:2379"));
  EXPECT_TRUE(holds(errors, "REGISTRY_TTL: 1s is shorter than any lease"));
  EXPECT_TRUE(holds(errors, "SCRAPE_SHARD_ENABLE: \"maybe\""));
  EXPECT_TRUE(holds(errors, "--shard.slack: \"-1\" is below 0"));
  EXPECT_TRUE(holds(errors, "SCRAPE_ETCD_PATH (--scrape.etcd-path) is not set"));
  EXPECT_TRUE(holds(errors, "REGISTRY_SERVICE (--registry.service) is not set"));
  EXPECT_TRUE(holds(errors, "RECORD_RULE_1_NAME"));
  EXPECT_EQ(errors.size(), 12u);
}

TEST(LoadSettings, TheTargetsEtcdIsTheRegistrysUnlessSet) {
  const LoadedSettings loaded = load(
      {.environment = {
           {"REGISTRY_ETCD_URL", "r:1"}, {"REGISTRY_SERVICE", "s"}, {"SCRAPE_ETCD_PATH", "/t"}}});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.settings.scrape.etcd.endpoints, (Strings{"http://r:1"}));
  EXPECT_EQ(row(loaded, "scrape.etcd-url").value, "http://r:1");
}

TEST(LoadSettings, WithoutAnyEtcd) {
  const Strings errors = load({.environment = {{"SCRAPE_ETCD_PATH", "/t"}}}).errors;
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_TRUE(errors[0].starts_with("SCRAPE_ETCD_URL (--scrape.etcd-url) is not set"));
}

TEST(LoadSettings, TheTimeoutFollowsAShorterInterval) {
  const LoadedSettings loaded = load_more({{"SCRAPE_INTERVAL", "5s"}});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.settings.scrape.timeout, Duration(5'000));
  EXPECT_EQ(row(loaded, "scrape.timeout").value, "5s");
  EXPECT_EQ(load_more({{"SCRAPE_INTERVAL", "1m"}}).settings.scrape.timeout, Duration(30'000));
}

TEST(LoadSettings, ATimeoutAboveTheIntervalNamesBoth) {
  const Strings errors = load_more({{"SCRAPE_INTERVAL", "5s"}}, {"--scrape-timeout=6s"}).errors;
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_TRUE(errors[0].starts_with("--scrape-timeout: "));
  EXPECT_TRUE(holds(errors, "SCRAPE_INTERVAL"));
  EXPECT_TRUE(holds(errors, "try: 5s"));
}

TEST(LoadSettings, TtlTooShortAndShort) {
  EXPECT_EQ(load_more({{"REGISTRY_TTL", "1"}}).errors.size(), 1u);
  const LoadedSettings loaded = load_more({{"REGISTRY_TTL", "4s"}});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_TRUE(holds(loaded.warnings, "REGISTRY_TTL: 4s is short"));
  EXPECT_EQ(load_more({{"REGISTRY_TTL", "5"}}).warnings, Strings{});
}

TEST(LoadSettings, PathsAreTrimmedAndEachOnce) {
  const LoadedSettings loaded = load_more({{"SCRAPE_PATHS", " /a ,/b,,/a"}});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.settings.scrape.paths, (Strings{"/a", "/b"}));
  EXPECT_TRUE(holds(loaded.warnings, "SCRAPE_PATHS: \"/a\" is there twice"));
  EXPECT_TRUE(holds(loaded.warnings, "SCRAPE_PATHS: an empty path is left out"));
  EXPECT_TRUE(holds(load_more({{"SCRAPE_PATHS", " , "}}).errors, "SCRAPE_PATHS: holds no path"));
  EXPECT_TRUE(holds(load_more({{"SCRAPE_PATHS", "/a b"}}).errors, "SCRAPE_PATHS: \"/a b\""));
}

TEST(LoadSettings, FederationNeedsToSayWhat) {
  const Strings warnings = load_more({{"SCRAPE_PATHS", "/metrics,/prom/federate"}}).warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(holds(warnings, "SCRAPE_PATHS: \"/prom/federate\" gives nothing without match[]"));
  EXPECT_TRUE(holds(warnings, "try: SCRAPE_MATCH_REGEX=level1:.*"));
  EXPECT_EQ(load_more({{"SCRAPE_PATHS", "/federate"}, {"SCRAPE_MATCH_REGEX", "a.*"}}).warnings,
            Strings{});
}

TEST(LoadSettings, UnknownVariables) {
  const Strings warnings = load_more({{"SCRAPE_INTERVALL", "5s"},
                                      {"REGISTRY_WHATEVER_ELSE", "x"},
                                      {"SCRAPE_EMPTY", ""},
                                      {"PROMSTER_SUPERVISED", "1"},
                                      {"PROMSTER_SHARD_SLAK", "1"},
                                      {"PROMSTER_PORT_9090_TCP_ADDR", "10.0.0.1"},
                                      {"RECORD_RULE_1_EXP", "x"},
                                      {"HOME", "/root"}})
                               .warnings;
  EXPECT_TRUE(holds(warnings,
                    "SCRAPE_INTERVALL is no setting of promster and has no effect; did "
                    "you mean SCRAPE_INTERVAL?"));
  EXPECT_TRUE(holds(warnings, "REGISTRY_WHATEVER_ELSE"));
  EXPECT_TRUE(holds(warnings, "PROMSTER_SHARD_SLACK?"));
  EXPECT_TRUE(holds(warnings, "RECORD_RULE_1_EXPR"));
  EXPECT_EQ(warnings.size(), 4u);
}

TEST(LoadSettings, ThePasswordComesFromAFile) {
  Given given{.environment = {{"SCRAPE_ETCD_URL", "e:1"},
                              {"SCRAPE_ETCD_PATH", "/t"},
                              {"PROMSTER_ETCD_USERNAME", "u"},
                              {"PROMSTER_ETCD_PASSWORD_FILE", "/run/secret"}},
              .files = {{"/run/secret", "hunter2\n"}}};
  const LoadedSettings loaded = load(given);
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_EQ(loaded.settings.scrape.etcd.password, "hunter2");
  EXPECT_EQ(loaded.settings.registry.etcd.password, "hunter2");
  EXPECT_EQ(row(loaded, "etcd.password").value, "********");

  given.environment["PROMSTER_ETCD_PASSWORD"] = "other";
  const Strings errors = load(given).errors;
  EXPECT_TRUE(holds(errors, "PROMSTER_ETCD_PASSWORD and PROMSTER_ETCD_PASSWORD_FILE"));
  EXPECT_FALSE(holds(errors, "hunter2"));
  EXPECT_FALSE(holds(errors, "other"));

  given.files.clear();
  EXPECT_TRUE(holds(load(given).errors, "PROMSTER_ETCD_PASSWORD_FILE: read /run/secret"));
}

TEST(LoadSettings, CredentialsGoTogether) {
  EXPECT_TRUE(holds(load_more({{"PROMSTER_ETCD_USERNAME", "u"}}).errors,
                    "PROMSTER_ETCD_USERNAME is set and PROMSTER_ETCD_PASSWORD is not"));
  EXPECT_TRUE(holds(load_more({{"PROMSTER_ETCD_PASSWORD", "p"}}).errors,
                    "PROMSTER_ETCD_PASSWORD is set and PROMSTER_ETCD_USERNAME is not"));
  const Strings errors = load_more({{"PROMSTER_ETCD_CERT_FILE", "/c.pem"}}).errors;
  EXPECT_TRUE(holds(errors, "PROMSTER_ETCD_KEY_FILE is not"));
  EXPECT_TRUE(holds(errors, "PROMSTER_ETCD_CERT_FILE: read /c.pem: No such file"));
}

TEST(LoadSettings, CertificatesWithoutTlsHaveNoEffect) {
  const LoadedSettings loaded = load({.environment = {{"SCRAPE_ETCD_URL", "e:1"},
                                                      {"SCRAPE_ETCD_PATH", "/t"},
                                                      {"PROMSTER_ETCD_CA_FILE", "/ca.pem"}},
                                      .files = {{"/ca.pem", "..."}}});
  EXPECT_EQ(loaded.errors, Strings{});
  EXPECT_TRUE(holds(loaded.warnings, "PROMSTER_ETCD_CA_FILE has no effect"));
}

TEST(LoadSettings, WhatTheLegacyRingDoesNotKnowIsSaid) {
  const Strings warnings =
      load_more({{"PROMSTER_SHARD_ALGORITHM", "legacy"}, {"PROMSTER_SHARD_REPLICAS", "2"}})
          .warnings;
  EXPECT_TRUE(holds(warnings,
                    "PROMSTER_SHARD_REPLICAS has no effect: the legacy ring "
                    "(PROMSTER_SHARD_ALGORITHM)"));
  EXPECT_EQ(warnings.size(), 1u);
  EXPECT_EQ(load_more({{"PROMSTER_SHARD_ALGORITHM", "legacy"}}).warnings, Strings{});
  EXPECT_EQ(load_more({{"PROMSTER_SHARD_REPLICAS", "2"}}).warnings, Strings{});
}

TEST(LoadSettings, RangesAndLimitsAreTakenWithoutAWord) {
  const LoadedSettings loaded = load_more({{"PROMSTER_SCRAPE_ALLOW_CIDR", "10.0.0.0/8"},
                                           {"PROMSTER_SCRAPE_DENY_CIDR", "10.9.0.0/16,10.8.0.1"},
                                           {"PROMSTER_SCRAPE_MAX_TARGETS", "7"}});
  EXPECT_EQ(loaded.warnings, Strings{});
  EXPECT_EQ(loaded.settings.scrape.deny_cidr, (Strings{"10.9.0.0/16", "10.8.0.1"}));
  EXPECT_EQ(loaded.settings.scrape.max_targets, 7);
}

TEST(LoadSettings, AServiceWithoutARegistryHasNoEffect) {
  EXPECT_TRUE(
      holds(load_more({{"REGISTRY_SERVICE", "s"}}).warnings, "REGISTRY_SERVICE has no effect"));
}

TEST(LoadSettings, KeysOfTheRegistryAreChecked) {
  EXPECT_TRUE(holds(load_more({{"REGISTRY_SERVICE", ".."}}).errors, "REGISTRY_SERVICE"));
  EXPECT_TRUE(holds(load_more({{"REGISTRY_ETCD_BASE", "/a/../b"}}).errors, "REGISTRY_ETCD_BASE"));
  EXPECT_TRUE(
      holds(load_more({{"REGISTRY_SERVICE", std::string(300, 'a')}}).errors, "REGISTRY_SERVICE"));
}

TEST(LoadSettings, WithoutTheSystemsDirectoryOurOwn) {
  const LoadedSettings loaded = load({.system_dir = false});
  EXPECT_EQ(loaded.settings.prometheus.config_dir, "./promster");
  EXPECT_EQ(row(loaded, "prometheus.data-dir").value, "./promster/data");
}

}  // namespace
}  // namespace promster
