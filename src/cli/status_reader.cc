#include "cli/status_reader.h"

#include <nlohmann/json.hpp>

#include "cli/api_words.h"

namespace promster {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // for what is handed on as it came

// One object of an answer. A field that is absent or null leaves what it would be read into as it
// is; one of another type throws, which guarded() catches.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {
    if (!json.is_object()) static_cast<void>(json.get<Json::object_t>());  // throws
  }

  template <class T>
  void read(const char* name, T& into) const {
    if (const Json* found = find(name)) into = found->get<T>();
  }
  template <class T>
  void read(const char* name, std::optional<T>& into) const {
    if (const Json* found = find(name)) into = found->get<T>();
  }
  template <class T, class Read>
  void read_each(const char* name, std::vector<T>& into, Read read_one) const {
    const Json* found = find(name);
    if (found == nullptr) return;
    for (const Json& one : *found) into.push_back(read_one(Fields(one)));
  }
  template <class Read>
  void read_object(const char* name, Read read_it) const {
    if (const Json* found = find(name)) read_it(Fields(*found));
  }

 private:
  const Json* find(const char* name) const {
    const auto found = json_.find(name);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }

  const Json& json_;
};

template <class T>
Result<T> guarded(const char* what, std::string_view data, T (*read)(const Fields&)) {
  try {
    return read(Fields(Json::parse(data)));
  } catch (const Json::exception& failure) {
    return Error{std::string(what) + ": " + failure.what()};
  }
}

ShownSource source(const Fields& fields) {
  ShownSource shown;
  fields.read("enabled", shown.enabled);
  fields.read("synced", shown.synced);
  fields.read("up", shown.up);
  fields.read("revision", shown.revision);
  fields.read("reason", shown.reason);
  return shown;
}

ShownBalance balance(const Fields& fields) {
  ShownBalance shown;
  fields.read("fair", shown.fair);
  fields.read("most", shown.most);
  fields.read("least", shown.least);
  fields.read("max_over_mean", shown.max_over_mean);
  fields.read("capacity", shown.capacity);
  return shown;
}

ShownHealth health(const Fields& fields) {
  ShownHealth shown;
  fields.read("state", shown.state);
  fields.read("error", shown.error);
  fields.read("last_scrape", shown.last_scrape);
  fields.read("scrape_seconds", shown.scrape_seconds);
  return shown;
}

std::string name_of(const Fields& fields) {
  std::string name;
  fields.read("name", name);
  return name;
}

ShownRejection rejection(const Fields& fields) {
  ShownRejection shown;
  fields.read("key", shown.key);
  fields.read("reason", shown.reason);
  return shown;
}

void read_counts(const Fields& fields, ShownStatus& shown) {
  fields.read_object("members", [&](const Fields& members) {
    members.read("total", shown.members);
    members.read("active", shown.members_active);
    members.read("draining", shown.members_draining);
    members.read_each("kept", shown.kept, name_of);
  });
  fields.read_object("targets", [&](const Fields& targets) {
    targets.read("discovered", shown.discovered);
    targets.read("assigned", shown.assigned);
    targets.read("moving", shown.moving);
    targets.read("held", shown.held);
    targets.read("confirmations", shown.confirmations);
    targets.read_object("rejected", [&](const Fields& rejected) {
      rejected.read("total", shown.rejected);
      rejected.read_each("examples", shown.rejected_examples, rejection);
    });
  });
}

void read_etcd(const Fields& fields, ShownStatus& shown) {
  fields.read_object("etcd", [&](const Fields& etcd) {
    etcd.read_object("registry", [&](const Fields& one) { shown.registry = source(one); });
    etcd.read_object("scrape", [&](const Fields& one) { shown.scrape = source(one); });
  });
  fields.read_object("registration", [&](const Fields& registration) {
    registration.read("registered", shown.registered);
    registration.read("withdrawn", shown.withdrawn);
    registration.read("reason", shown.registration_reason);
    registration.read("lease_ttl", shown.lease_ttl);
    registration.read("lease_remaining", shown.lease_remaining);
  });
}

void read_prometheus(const Fields& fields, ShownStatus& shown) {
  fields.read_object("prometheus", [&](const Fields& prometheus) {
    prometheus.read("up", shown.prometheus_up);
    prometheus.read("reason", shown.prometheus_reason);
    prometheus.read("version", shown.prometheus_version);
    prometheus.read("url", shown.prometheus_url);
  });
  fields.read_object("configuration", [&](const Fields& configuration) {
    configuration.read("in_use", shown.configuration_in_use);
    configuration.read("last_accepted", shown.last_accepted);
    configuration.read("pending", shown.pending);
    configuration.read("refused_by", shown.refused_by);
    configuration.read("refusal", shown.refusal);
    configuration.read("file_failure", shown.file_failure);
  });
}

ShownStatus status(const Fields& fields) {
  ShownStatus shown;
  fields.read("node", shown.node);
  shown.from_node = !shown.node.empty();
  fields.read("time", shown.time);
  fields.read("pid", shown.pid);
  fields.read("service", shown.service);
  fields.read("version", shown.version);
  fields.read("ready", shown.ready);
  fields.read("missing", shown.missing);
  fields.read("degraded", shown.degraded);
  fields.read("draining", shown.draining);
  fields.read("drain_until", shown.drain_until);
  fields.read("drain_end", shown.drain_end);
  fields.read("algorithm", shown.algorithm);
  fields.read("checksum", shown.checksum);
  fields.read("revision", shown.revision);
  fields.read_object("balance", [&](const Fields& one) { shown.balance = balance(one); });
  read_counts(fields, shown);
  read_etcd(fields, shown);
  read_prometheus(fields, shown);
  return shown;
}

ShownNode node(const Fields& fields) {
  ShownNode shown;
  fields.read("name", shown.name);
  fields.read("state", shown.state);
  fields.read("self", shown.self);
  fields.read("targets", shown.targets);
  fields.read("algorithm", shown.algorithm);
  fields.read("version", shown.version);
  fields.read("web", shown.web);
  fields.read("prometheus", shown.prometheus);
  fields.read("agrees", shown.agrees);
  return shown;
}

ShownNodes nodes(const Fields& fields) {
  ShownNodes shown;
  fields.read("revision", shown.revision);
  fields.read("empty_because", shown.empty_because);
  fields.read_object("balance", [&](const Fields& one) { shown.balance = balance(one); });
  fields.read_each("nodes", shown.nodes, node);
  return shown;
}

ShownTarget target(const Fields& fields) {
  ShownTarget shown;
  fields.read("address", shown.address);
  fields.read("key", shown.key);
  fields.read("labels", shown.labels);
  fields.read("owners", shown.owners);
  fields.read("state", shown.state);
  fields.read("reason", shown.reason);
  fields.read_object("health", [&](const Fields& one) { shown.health = health(one); });
  return shown;
}

ShownTargets targets(const Fields& fields) {
  ShownTargets shown;
  fields.read("revision", shown.revision);
  fields.read("total", shown.total);
  fields.read("offset", shown.offset);
  fields.read("empty_because", shown.empty_because);
  fields.read_each("targets", shown.targets, target);
  fields.read_each("not_asked", shown.not_asked, [](const Fields& one) {
    std::pair<std::string, std::string> owner_reason;
    one.read("owner", owner_reason.first);
    one.read("reason", owner_reason.second);
    return owner_reason;
  });
  return shown;
}

ShownLevelNode level_node(const Fields& fields) {
  ShownLevelNode shown;
  fields.read("name", shown.name);
  fields.read("state", shown.state);
  fields.read("algorithm", shown.algorithm);
  fields.read("version", shown.version);
  fields.read("web", shown.web);
  return shown;
}

ShownLevel level(const Fields& fields) {
  ShownLevel shown;
  fields.read("service", shown.service);
  fields.read("depth", shown.depth);
  fields.read("self", shown.self);
  fields.read("scrapes", shown.scrapes);
  fields.read("feeds", shown.feeds);
  fields.read_each("nodes", shown.nodes, level_node);
  return shown;
}

ShownPrefix prefix(const Fields& fields) {
  ShownPrefix shown;
  fields.read("prefix", shown.prefix);
  fields.read("targets", shown.targets);
  fields.read("feeds", shown.feeds);
  return shown;
}

ShownLevels levels(const Fields& fields) {
  ShownLevels shown;
  fields.read("revision", shown.revision);
  fields.read("loops", shown.loops);
  fields.read("empty_because", shown.empty_because);
  fields.read_each("sources", shown.sources, prefix);
  fields.read_each("levels", shown.levels, level);
  return shown;
}

ShownMoves moves(const Fields& fields) {
  ShownMoves shown;
  fields.read("from", shown.from);
  fields.read("to", shown.to);
  fields.read("targets", shown.targets);
  return shown;
}

std::string address_of(const Fields& fields) {
  std::string address;
  fields.read("address", address);
  return address;
}

ShownChange change(const Fields& fields) {
  ShownChange shown;
  fields.read("id", shown.id);
  fields.read("time", shown.time);
  fields.read("revision", shown.revision);
  fields.read("summary", shown.summary);
  fields.read_each("moves", shown.moves, moves);
  fields.read_each("examples", shown.examples, address_of);
  fields.read("written_seconds", shown.written_seconds);
  fields.read("settled_seconds", shown.settled_seconds);
  return shown;
}

ShownHistory history(const Fields& fields) {
  ShownHistory shown;
  fields.read("total", shown.total);
  fields.read("empty_because", shown.empty_because);
  fields.read_each("changes", shown.changes, change);
  return shown;
}

ShownScore score(const Fields& fields) {
  ShownScore shown;
  fields.read("member", shown.member);
  fields.read("score", shown.score);
  fields.read("targets", shown.targets);
  fields.read("owner", shown.owner);
  return shown;
}

ShownExplanation explanation(const Fields& fields) {
  ShownExplanation shown;
  fields.read("target", shown.target);
  fields.read("key", shown.key);
  fields.read("labels", shown.labels);
  fields.read("also", shown.also);
  fields.read("algorithm", shown.algorithm);
  fields.read("owners", shown.owners);
  fields.read("next_owner", shown.next_owner);
  fields.read("without", shown.without);
  fields.read("why", shown.why);
  fields.read("capacity", shown.capacity);
  fields.read("revision", shown.revision);
  fields.read_each("scores", shown.scores, score);
  fields.read_object("health", [&](const Fields& one) { shown.health = health(one); });
  return shown;
}

}  // namespace

Result<ShownStatus> read_status(std::string_view data) {
  return guarded("status", data, &status);
}

Result<ShownNodes> read_nodes(std::string_view data) {
  return guarded("nodes", data, &nodes);
}

Result<ShownTargets> read_targets(std::string_view data) {
  return guarded("targets", data, &targets);
}

Result<ShownLevels> read_levels(std::string_view data) {
  return guarded("levels", data, &levels);
}

Result<ShownHistory> read_history(std::string_view data) {
  return guarded("history", data, &history);
}

Result<ShownExplanation> read_explanation(std::string_view data) {
  return guarded("explain", data, &explanation);
}

Result<ShownChange> read_change(std::string_view data) {
  return guarded("change", data, &change);
}

Result<std::vector<std::string>> changes_oldest_first(std::string_view history_data) {
  const OrderedJson json = OrderedJson::parse(history_data, nullptr, false);
  const OrderedJson list = json.is_object() ? json.value("changes", OrderedJson()) : OrderedJson();
  if (!list.is_array()) return Error{"history: there is no list of changes"};
  std::vector<std::string> changes;
  for (auto one = list.rbegin(); one != list.rend(); ++one) {
    changes.push_back(one->dump(-1, ' ', false, OrderedJson::error_handler_t::replace));
  }
  return changes;
}

Result<std::string> open_envelope(std::string_view answer) {
  const OrderedJson json = OrderedJson::parse(answer, nullptr, false);
  if (json.is_object() && json.contains("data") &&
      json.value("status", OrderedJson()) == "success") {
    return json["data"].dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  }
  const OrderedJson error = json.is_object() ? json.value("error", OrderedJson()) : OrderedJson();
  if (error.is_string()) return Error{in_terminal_words(error.get<std::string>())};
  return Error{"the answer is not of promster's API; try: is this the address of its page?"};
}

std::string indented_json(std::string_view json) {
  const OrderedJson parsed = OrderedJson::parse(json, nullptr, false);
  if (parsed.is_discarded()) return std::string(json);
  return parsed.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace promster
