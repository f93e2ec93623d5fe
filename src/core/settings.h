#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/log.h"
#include "core/alert_rule.h"
#include "core/base_config.h"
#include "core/labels.h"
#include "core/recording_rule.h"

namespace promster {

enum class ShardAlgorithm { kAuto, kLegacy, kBounded };
enum class ReloadMethod { kAuto, kHttp, kSignal };

// Which etcd, and how to speak to it.
struct EtcdSettings {
  std::vector<std::string> endpoints;  // http://host:port or https://host:port
  std::string username;
  std::string password;  // a secret: never logged
  std::string ca_file, cert_file, key_file;
  Duration dial_timeout{2000};
};

struct ScrapeSettings {
  EtcdSettings etcd;
  std::string etcd_path;  // a raw key prefix
  std::vector<std::string> paths{"/metrics"};
  std::string match_regex;
  bool shard = true;
  Duration interval{30'000};
  Duration timeout{30'000};
  std::string scheme = "http";
  bool tls_insecure = false;
  std::vector<std::string> allow_cidr, deny_cidr;
  bool follow_redirects = true;
  std::int64_t max_targets = 2'000'000;
};

struct RegistrySettings {
  EtcdSettings etcd;  // no endpoints: no registration and no sharding
  std::string base = "/registry";
  std::string service;
  Duration ttl{10'000};
  std::string advertise_address;  // host:port; empty until found out

  bool enabled() const { return !etcd.endpoints.empty(); }
};

struct ShardSettings {
  ShardAlgorithm algorithm = ShardAlgorithm::kAuto;
  double slack = 0.1;
  int replicas = 1;
  std::string key = "address";  // or the name of a label
  // How long both owners scrape a target that moves; unset: until the new one acknowledges (zero:
  // not at all).
  std::optional<Duration> handover;
  // How long a node that is stopped may go on scraping while others take over; unset: as long as
  // that takes by experience.
  std::optional<Duration> drain;
  bool member_guard = true;  // whether a sibling whose key vanished stays while it answers
  std::optional<Duration> hold =
      std::chrono::minutes(15);  // mass removals of targets; none: no end
  double hold_share = 0.5;
};

struct PrometheusSettings {
  std::string url = "http://127.0.0.1:9090";
  std::string config_dir;
  BaseConfig base;  // as it was at the start
  // The names of the intervals of its `global` that count, since nobody set ours.
  std::vector<std::string> base_intervals;
  std::vector<std::string> alertmanager_urls;
  std::string remote_write_url;
  Labels external_labels;  // %{node} and %{service} in the values stand for what they name
  ReloadMethod reload_method = ReloadMethod::kAuto;
  bool start = false;
  std::string binary = "prometheus";
  std::string data_dir;  // empty: <config_dir>/data
  std::vector<std::string> extra_args;
  Duration retention{86'400'000};
};

struct WebSettings {
  std::string listen_address = ":9096";
  std::string config_file;  // TLS and passwords (agent/web_config_file.h); empty: neither
  std::string external_url;
  std::string route_prefix = "/";
  bool enable_lifecycle = false;
};

// Everything a user can set, in its final form (interface.md, "Settings"). Plain data: who fills it
// in has checked it.
struct Settings {
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;
  ScrapeSettings scrape;
  RegistrySettings registry;
  ShardSettings shard;
  PrometheusSettings prometheus;
  WebSettings web;
  Duration evaluation_interval{30'000};
  bool rules_guard = true;
  std::vector<RecordingRule> rules;
  std::vector<AlertRule> alerts;

  bool sharding() const { return registry.enabled() && scrape.shard; }
};

}  // namespace promster
