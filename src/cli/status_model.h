#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What `promster status`, `promster top` and `promster explain` show: the answers of /api/v1 (their
// source and meaning: src/web/openapi.yaml) as plain data. What an answer does not say, since it
// was made from etcd alone or by another version, keeps its default.
namespace promster {

struct ShownSource {
  bool enabled = false, synced = false, up = false;
  std::int64_t revision = 0;
  std::string reason;
};

struct ShownBalance {
  double fair = 0;
  std::size_t most = 0, least = 0;
  double max_over_mean = 1;
  std::size_t capacity = 0;  // the most that a node may own
};

struct ShownRejection {
  std::string key, reason;
};

// /api/v1/status
struct ShownStatus {
  // Whether a node says it. Otherwise etcd was asked, which knows nothing of readiness,
  // registration, Prometheus and files.
  bool from_node = false;
  double time = 0;
  std::int64_t pid = 0;  // of the agent, as it sees itself
  std::string node, service, version, algorithm, checksum;
  bool ready = false, draining = false;
  std::optional<double> drain_until;
  std::string drain_end;
  std::vector<std::string> missing, degraded;
  std::size_t members = 0, members_active = 0, members_draining = 0;
  std::vector<std::string> kept;
  std::size_t discovered = 0, assigned = 0, moving = 0, held = 0, rejected = 0;
  std::size_t confirmations = 0;  // of what was held
  std::vector<ShownRejection> rejected_examples;
  ShownSource registry, scrape;
  bool registered = false, withdrawn = false;
  std::string registration_reason;
  double lease_ttl = 0, lease_remaining = 0;
  bool prometheus_up = false;
  std::string prometheus_reason, prometheus_version, prometheus_url;
  bool configuration_in_use = false;
  std::optional<double> last_accepted;
  std::string pending, refused_by, refusal, file_failure;
  std::int64_t revision = 0;
  ShownBalance balance;
};

// /api/v1/nodes
struct ShownNode {
  std::string name, state, algorithm, version, web, prometheus;
  bool self = false;
  std::size_t targets = 0;
  std::optional<bool> agrees;
};
struct ShownNodes {
  std::int64_t revision = 0;
  ShownBalance balance;
  std::vector<ShownNode> nodes;
  std::string empty_because;
};

struct ShownHealth {
  std::string state, error;  // state: "up", "down", "unknown"
  std::optional<double> last_scrape, scrape_seconds;
};

// /api/v1/targets
struct ShownTarget {
  std::string address, key, state, reason;
  std::map<std::string, std::string> labels;
  std::vector<std::string> owners;
  std::optional<ShownHealth> health;
};
struct ShownTargets {
  std::int64_t revision = 0;
  std::size_t total = 0, offset = 0;
  std::vector<ShownTarget> targets;
  std::vector<std::pair<std::string, std::string>> not_asked;  // owner, reason
  std::string empty_because;
};

// /api/v1/levels
struct ShownLevelNode {
  std::string name, state, algorithm, version, web;
};
struct ShownLevel {
  std::string service;
  std::size_t depth = 1;
  bool self = false;
  std::vector<std::string> scrapes, feeds;
  std::vector<ShownLevelNode> nodes;
};
struct ShownPrefix {
  std::string prefix;
  std::optional<std::size_t> targets;
  std::vector<std::string> feeds;
};
struct ShownLevels {
  std::int64_t revision = 0;
  std::vector<ShownPrefix> sources;
  std::vector<ShownLevel> levels;
  std::vector<std::string> loops;
  std::string empty_because;
};

// /api/v1/history
struct ShownMoves {
  std::string from, to;  // empty: nobody
  std::size_t targets = 0;
};
struct ShownChange {
  std::uint64_t id = 0;
  double time = 0;
  std::int64_t revision = 0;
  std::string summary;
  std::vector<ShownMoves> moves;
  std::vector<std::string> examples;  // addresses of targets, the first of many
  std::optional<double> written_seconds, settled_seconds;
};
struct ShownHistory {
  std::size_t total = 0;
  std::vector<ShownChange> changes;  // the newest first
  std::string empty_because;
};

// /api/v1/explain
struct ShownScore {
  std::string member;
  double score = 0;  // 0 to 1
  std::size_t targets = 0;
  bool owner = false;
};
struct ShownExplanation {
  std::string target, key, algorithm, why;
  std::map<std::string, std::string> labels;
  std::vector<std::string> also, owners;
  std::optional<std::string> next_owner;
  std::map<std::string, std::vector<std::string>> without;
  std::size_t capacity = 0;
  std::int64_t revision = 0;
  std::vector<ShownScore> scores;
  std::optional<ShownHealth> health;
};

}  // namespace promster
