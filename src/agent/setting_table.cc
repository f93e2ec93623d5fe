#include "agent/setting_table.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "agent/prometheus_settings.h"
#include "agent/setting_store.h"
#include "agent/settings_choices.h"
#include "agent/settings_values.h"

namespace promster {
namespace {

// Up to those of Prometheus, which are in a table of their own.
constexpr SettingSpec kFirst[] = {
    {.name = "config.file",
     .environment = "PROMSTER_CONFIG_FILE",
     .value = "FILE",
     .help = "settings in YAML, under the names of the flags",
     .read = elsewhere},
    {.name = "log.level",
     .environment = "LOG_LEVEL",
     .alias = "loglevel",
     .fallback = "info",
     .value = "LEVEL",
     .help = "debug, info, warning or error",
     .choices = "debug info warning error",
     .read = [](Text t, Settings& s) { return store(read_log_level(t), s.log_level); }},
    {.name = "log.format",
     .environment = "LOG_FORMAT",
     .fallback = "logfmt",
     .value = "FORMAT",
     .help = "logfmt or json",
     .choices = "logfmt json",
     .read = [](Text t, Settings& s) { return store(read_log_format(t), s.log_format); }},

    {.name = "scrape.etcd-url",
     .environment = "SCRAPE_ETCD_URL",
     .alias = "scrape-etcd-url",
     .value = "URLS",
     .help = "the etcd that lists the targets; by default the registry's",
     .read = [](Text t, Settings& s) { return store(read_endpoints(t), s.scrape.etcd.endpoints); }},
    {.name = "scrape.etcd-path",
     .environment = "SCRAPE_ETCD_PATH",
     .alias = "scrape-etcd-path",
     .value = "PREFIX",
     .help = "the prefix of the targets' keys, taken as it is; required",
     .read = [](Text t, Settings& s) { return store(read_line(t), s.scrape.etcd_path); }},
    {.name = "scrape.paths",
     .environment = "SCRAPE_PATHS",
     .alias = "scrape-paths",
     .fallback = "/metrics",
     .value = "PATHS",
     .help = "the paths to scrape on every target, a job each, separated by commas",
     .read =
         [](Text t, Settings& s) {
           s.scrape.paths = read_items(t);
           return Done();
         }},
    {.name = "scrape.match-regex",
     .environment = "SCRAPE_MATCH_REGEX",
     .alias = "scrape-match",
     .value = "REGEX",
     .help = "the names of the series that /federate is asked for",
     .read = [](Text t, Settings& s) { return store(read_regex(t), s.scrape.match_regex); }},
    {.name = "scrape.shard",
     .environment = "SCRAPE_SHARD_ENABLE",
     .alias = "scrape-shard-enable",
     .fallback = "true",
     .help = "share the targets among the nodes; off: every node scrapes all",
     .read = [](Text t, Settings& s) { return store(read_bool(t), s.scrape.shard); }},
    {.name = "scrape.interval",
     .environment = "SCRAPE_INTERVAL",
     .alias = "scrape-interval",
     .fallback = "30s",
     .value = "DURATION",
     .help = "the time between two scrapes of a target",
     .read = [](Text t, Settings& s) { return store(read_duration(t), s.scrape.interval); }},
    {.name = "scrape.timeout",
     .environment = "SCRAPE_TIMEOUT",
     .alias = "scrape-timeout",
     .fallback = "30s",
     .value = "DURATION",
     .help = "how long a scrape may take; unless set it follows a shorter interval",
     .read = [](Text t, Settings& s) { return store(read_duration(t), s.scrape.timeout); }},
    {.name = "scrape.scheme",
     .environment = "SCHEME",
     .alias = "scheme",
     .fallback = "http",
     .value = "SCHEME",
     .help = "how targets are scraped: http or https",
     .choices = "http https",
     .read = [](Text t, Settings& s) { return store(read_scheme(t), s.scrape.scheme); }},
    {.name = "scrape.tls-insecure",
     .environment = "TLS_INSECURE",
     .alias = "tls-insecure",
     .fallback = "false",
     .help = "do not check the targets' certificates",
     .read = [](Text t, Settings& s) { return store(read_bool(t), s.scrape.tls_insecure); }},
    {.name = "scrape.allow-cidr",
     .environment = "PROMSTER_SCRAPE_ALLOW_CIDR",
     .value = "RANGES",
     .help = "scrape only addresses in these ranges",
     .read = [](Text t, Settings& s) { return store(read_cidrs(t), s.scrape.allow_cidr); }},
    {.name = "scrape.deny-cidr",
     .environment = "PROMSTER_SCRAPE_DENY_CIDR",
     .value = "RANGES",
     .help = "never scrape these; by default link-local, unspecified and multicast addresses",
     .read = [](Text t, Settings& s) { return store(read_cidrs(t), s.scrape.deny_cidr); }},
    {.name = "scrape.follow-redirects",
     .environment = "PROMSTER_SCRAPE_FOLLOW_REDIRECTS",
     .fallback = "true",
     .help = "follow redirects of targets",
     .read = [](Text t, Settings& s) { return store(read_bool(t), s.scrape.follow_redirects); }},
    {.name = "scrape.max-targets",
     .environment = "PROMSTER_SCRAPE_MAX_TARGETS",
     .fallback = "2000000",
     .value = "COUNT",
     .help = "of more targets only the first by key are scraped",
     .read =
         [](Text t, Settings& s) {
           return store(read_number(t, 1, 100'000'000), s.scrape.max_targets);
         }},

    {.name = "rules.evaluation-interval",
     .environment = "EVALUATION_INTERVAL",
     .alias = "evaluation-interval",
     .fallback = "30s",
     .value = "DURATION",
     .help = "the time between two evaluations of the rules",
     .read = [](Text t, Settings& s) { return store(read_duration(t), s.evaluation_interval); }},
    {.name = "rules.guard",
     .environment = "RECORD_RULE_GUARD",
     .fallback = "true",
     .help = "leave targets that another node owns out of the rules and alerts",
     .read = [](Text t, Settings& s) { return store(read_bool(t), s.rules_guard); }},

    {.name = "registry.etcd-url",
     .environment = "REGISTRY_ETCD_URL",
     .alias = "registry-etcd-url",
     .value = "URLS",
     .help = "the etcd in which the nodes find each other; without it there is no sharding",
     .read = [](Text t,
                Settings& s) { return store(read_endpoints(t), s.registry.etcd.endpoints); }},
    {.name = "registry.etcd-base",
     .environment = "REGISTRY_ETCD_BASE",
     .alias = "registry-etcd-base",
     .fallback = "/registry",
     .value = "PATH",
     .help = "the nodes' keys are below this path",
     .read = [](Text t, Settings& s) { return store(read_line(t), s.registry.base); }},
    {.name = "registry.service",
     .environment = "REGISTRY_SERVICE",
     .alias = "registry-service-name",
     .value = "NAME",
     .help = "the name of this cluster of nodes",
     .read = [](Text t, Settings& s) { return store(read_line(t), s.registry.service); }},
    {.name = "registry.ttl",
     .environment = "REGISTRY_TTL",
     .alias = "registry-node-ttl",
     .fallback = "10s",
     .value = "DURATION",
     .help = "a node that is silent for so long is gone; a bare number is seconds",
     .read = [](Text t, Settings& s) { return store(read_ttl(t), s.registry.ttl); }},
    {.name = "registry.advertise-address",
     .environment = "PROMSTER_REGISTRY_ADVERTISE_ADDRESS",
     .value = "HOST:PORT",
     .help = "where the others reach our Prometheus; by default the source address of the route "
             "to etcd, and the port of --prometheus.url",
     .read = [](Text t,
                Settings& s) { return store(read_address(t), s.registry.advertise_address); }},

    {.name = "etcd.username",
     .environment = "PROMSTER_ETCD_USERNAME",
     .value = "NAME",
     .help = "the user of both etcds",
     .read =
         [](Text t, Settings& s) {
           return store_both(read_line(t), s.scrape.etcd.username, s.registry.etcd.username);
         }},
    {.name = "etcd.password",
     .environment = "PROMSTER_ETCD_PASSWORD",
     .value = "TEXT",
     .help = "the password of that user",
     .secret = true,
     .read =
         [](Text t, Settings& s) {
           s.scrape.etcd.password = s.registry.etcd.password = std::string(t);
           return Done();
         }},
    {.name = "etcd.password-file",
     .environment = "PROMSTER_ETCD_PASSWORD_FILE",
     .value = "FILE",
     .help = "a file that holds the password",
     .read = elsewhere},
    {.name = "etcd.ca-file",
     .environment = "PROMSTER_ETCD_CA_FILE",
     .value = "FILE",
     .help = "the certificates that etcd's must be signed by",
     .read =
         [](Text t, Settings& s) {
           return store_both(read_line(t), s.scrape.etcd.ca_file, s.registry.etcd.ca_file);
         }},
    {.name = "etcd.cert-file",
     .environment = "PROMSTER_ETCD_CERT_FILE",
     .value = "FILE",
     .help = "the certificate that we show to etcd",
     .read =
         [](Text t, Settings& s) {
           return store_both(read_line(t), s.scrape.etcd.cert_file, s.registry.etcd.cert_file);
         }},
    {.name = "etcd.key-file",
     .environment = "PROMSTER_ETCD_KEY_FILE",
     .value = "FILE",
     .help = "the key of that certificate",
     .read =
         [](Text t, Settings& s) {
           return store_both(read_line(t), s.scrape.etcd.key_file, s.registry.etcd.key_file);
         }},
    {.name = "etcd.dial-timeout",
     .environment = "PROMSTER_ETCD_DIAL_TIMEOUT",
     .fallback = "2s",
     .value = "DURATION",
     .help = "how long to wait for one endpoint",
     .read =
         [](Text t, Settings& s) {
           return store_both(read_duration(t), s.scrape.etcd.dial_timeout,
                             s.registry.etcd.dial_timeout);
         }},

    {.name = "shard.algorithm",
     .environment = "PROMSTER_SHARD_ALGORITHM",
     .fallback = "auto",
     .value = "NAME",
     .help = "bounded, legacy (the original's ring), or auto: legacy while an original is there",
     .choices = "auto bounded legacy",
     .read = [](Text t, Settings& s) { return store(read_algorithm(t), s.shard.algorithm); }},
    {.name = "shard.slack",
     .environment = "PROMSTER_SHARD_SLACK",
     .fallback = "0.1",
     .value = "SHARE",
     .help = "how far above its fair share a node may go",
     .read = [](Text t, Settings& s) { return store(read_ratio(t), s.shard.slack); }},
    {.name = "shard.replicas",
     .environment = "PROMSTER_SHARD_REPLICAS",
     .fallback = "1",
     .value = "COUNT",
     .help = "how many nodes scrape a target",
     .read = [](Text t, Settings& s) { return store(read_number(t, 1, 1000), s.shard.replicas); }},
    {.name = "shard.key",
     .environment = "PROMSTER_SHARD_KEY",
     .fallback = "address",
     .value = "NAME",
     .help = "what decides who scrapes a target: address, or a label",
     .read = [](Text t, Settings& s) { return store(read_shard_key(t), s.shard.key); }},
    {.name = "shard.handover",
     .environment = "PROMSTER_SHARD_HANDOVER",
     .fallback = "auto",
     .value = "DURATION",
     .help =
         "how long both owners scrape a target that moves; auto: until the new one says that it "
         "does; 0: the old one drops it first",
     .read = [](Text t, Settings& s) { return store(read_auto_duration(t), s.shard.handover); }},
    {.name = "shard.hold",
     .environment = "PROMSTER_SHARD_HOLD",
     .fallback = "15m",
     .value = "DURATION",
     .help = "how long targets that vanish from etcd in great numbers are scraped on, unless they "
             "are down; 0: not at all; inf: without end",
     .read = [](Text t, Settings& s) { return store(read_endless_duration(t), s.shard.hold); }},
    {.name = "shard.hold-share",
     .environment = "PROMSTER_SHARD_HOLD_SHARE",
     .fallback = "0.5",
     .value = "SHARE",
     .help = "what part of the targets is a great number",
     .read = [](Text t, Settings& s) { return store(read_ratio(t), s.shard.hold_share); }},
    {.name = "shard.member-guard",
     .environment = "PROMSTER_SHARD_MEMBER_GUARD",
     .fallback = "true",
     .help = "a sibling whose key vanished keeps its share while it answers",
     .read = [](Text t, Settings& s) { return store(read_bool(t), s.shard.member_guard); }},
    {.name = "shard.drain",
     .environment = "PROMSTER_SHARD_DRAIN",
     .fallback = "auto",
     .value = "DURATION",
     .help = "how long a node that is stopped may go on scraping while the others take over; auto: "
             "15s and six intervals",
     .read = [](Text t, Settings& s) { return store(read_auto_duration(t), s.shard.drain); }},
};

constexpr SettingSpec kWeb[] = {
    {.name = "web.listen-address",
     .environment = "PROMSTER_WEB_LISTEN_ADDRESS",
     .fallback = ":9096",
     .value = "ADDRESS",
     .help = "where promster itself answers",
     .read = [](Text t,
                Settings& s) { return store(read_listen_address(t), s.web.listen_address); }},
    {.name = "web.config.file",
     .environment = "PROMSTER_WEB_CONFIG_FILE",
     .value = "FILE",
     .help = "TLS, passwords and headers of promster's own server, in the format of Prometheus's "
             "--web.config.file",
     .read = [](Text t, Settings& s) { return store(read_line(t), s.web.config_file); }},
    {.name = "web.external-url",
     .environment = "PROMSTER_WEB_EXTERNAL_URL",
     .value = "URL",
     .help = "how others reach it, where a proxy stands before it",
     .read = [](Text t, Settings& s) { return store(read_url(t), s.web.external_url); }},
    {.name = "web.route-prefix",
     .environment = "PROMSTER_WEB_ROUTE_PREFIX",
     .fallback = "/",
     .value = "PATH",
     .help = "the path below which it answers",
     .read = [](Text t, Settings& s) { return store(read_route_prefix(t), s.web.route_prefix); }},
    {.name = "web.enable-lifecycle",
     .environment = "PROMSTER_WEB_ENABLE_LIFECYCLE",
     .fallback = "false",
     .help = "allow POST /-/reload and /-/quit",
     .read = [](Text t, Settings& s) { return store(read_bool(t), s.web.enable_lifecycle); }},
};

std::vector<SettingSpec> whole_table() {
  std::vector<SettingSpec> table(std::begin(kFirst), std::end(kFirst));
  std::ranges::copy(prometheus_settings(), std::back_inserter(table));
  std::ranges::copy(kWeb, std::back_inserter(table));
  return table;
}

}  // namespace

std::span<const SettingSpec> setting_table() {
  static const std::vector<SettingSpec> table = whole_table();
  return table;
}

const SettingSpec* find_setting(std::string_view name_or_alias) {
  const auto table = setting_table();
  const auto found = std::ranges::find_if(table, [&](const SettingSpec& spec) {
    return spec.name == name_or_alias || (!spec.alias.empty() && spec.alias == name_or_alias);
  });
  return found == table.end() ? nullptr : &*found;
}

const SettingSpec& setting(std::string_view name) {
  const SettingSpec* found = find_setting(name);
  if (found == nullptr) std::abort();
  return *found;
}

}  // namespace promster
