#pragma once

// Many reconcilers with one etcd between them, in virtual time, and a Prometheus each that scrapes
// what is in the file.

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/legacy_ring.h"
#include "core/read_targets.h"
#include "core/reconciler.h"
#include "core/render.h"

namespace promster::virtual_cluster {

using Addresses = std::set<std::string>;

inline constexpr Duration kInterval = std::chrono::seconds(5);
inline constexpr Duration kTick{250};

inline Settings settings() {
  Settings result;
  result.scrape.etcd_path = "/t";
  result.scrape.interval = kInterval;
  result.evaluation_interval = kInterval;
  result.registry.etcd.endpoints = {"http://127.0.0.1:2379"};
  result.registry.service = "s";
  result.shard.hold = Duration(0);
  result.rules.push_back({.number = 1, .name = "a:b", .expr = "sum(irate(x[2m]))"});
  return result;
}

inline std::string address_of(int target) {
  return "10.1.0." + std::to_string(target) + ":80";
}
inline std::string key_of(int target) {
  return "/t/app/" + address_of(target);
}

// What etcd holds, and every change of it since the start.
struct VirtualStore {
  struct Entry {
    Source source;
    KeyChange change;
  };
  std::int64_t revision = 1;
  std::map<std::string, KeyValue> members, targets;
  std::vector<Entry> log;

  void put(Source source, const std::string& key, const std::string& value) {
    auto& keys = source == Source::kMembers ? members : targets;
    keys[key] = {.key = key, .value = value, .mod_revision = ++revision};
    log.push_back({source, {.key = key, .value = value, .mod_revision = revision}});
  }
  void erase(Source source, const std::string& key) {
    auto& keys = source == Source::kMembers ? members : targets;
    if (keys.erase(key) == 0) return;
    log.push_back({source, {.key = key, .value = std::nullopt, .mod_revision = ++revision}});
  }
  Listed list(Source source) const {
    Listing listing{.revision = revision};
    for (const auto& [key, entry] : source == Source::kMembers ? members : targets) {
      listing.entries.push_back(entry);
    }
    return {.source = source, .listing = listing};
  }
};

// One node: a reconciler, the file it writes, and a Prometheus that scrapes what is in the file.
class VirtualNode {
 public:
  VirtualNode(std::string name, VirtualStore& store, std::vector<Target> former, SteadyTime now)
      : name_(std::move(name)),
        store_(store),
        heard_(store.log.size()),
        reconciler_(settings(), {.name = name_},
                    {.config_present = true, .targets_present = true, .targets = std::move(former)},
                    now) {
    reconciler_.observe(PrometheusSeen{.ready = true}, now);
    reconciler_.observe(store.list(Source::kMembers), now);
    reconciler_.observe(store.list(Source::kTargets), now);
    reconciler_.observe(SourceWatched{.source = Source::kMembers}, now);
    reconciler_.observe(SourceWatched{.source = Source::kTargets}, now);
  }

  // Tells it of the next `most` changes in etcd.
  void hear(std::size_t most, SteadyTime now) {
    for (; most > 0 && heard_ < store_.log.size(); --most, ++heard_) {
      const VirtualStore::Entry& entry = store_.log[heard_];
      reconciler_.observe(Changed{.source = entry.source,
                                  .revision = entry.change.mod_revision,
                                  .changes = {entry.change}},
                          now);
    }
  }

  void tick(SteadyTime now) {
    scrape(now);
    reconciler_.tell_time(now,
                          wall_ + std::chrono::duration<double>(now.time_since_epoch()).count());
    const Plan plan = reconciler_.step(now);
    Outcome outcome;
    if (plan.config) outcome.config = ConfigOutcome{.kind = ConfigOutcome::Kind::kAccepted};
    if (plan.targets) {
      outcome.targets = TargetsOutcome{.written = true};
      json_ = plan.targets->targets_json;
      file_ = read(json_);
    }
    reconciler_.applied(outcome, now);
    publish(now);
  }

  std::set<std::string> suspects() const { return reconciler_.suspects(); }
  void probed(const std::string& name, bool answers, SteadyTime now) {
    reconciler_.observe(SiblingProbed{.name = name, .answers = answers}, now);
  }

  // Its wall clock steps, forward or back.
  void step_clock(double seconds) { wall_ += seconds; }

  void stop(SteadyTime now) { reconciler_.observe(StopAsked{}, now); }
  bool done(SteadyTime now) const { return reconciler_.done(now); }
  // As its lease does when the node has crashed.
  void forget() const { store_.erase(Source::kMembers, key()); }

  const std::string& name() const { return name_; }
  std::string algorithm() const { return reconciler_.snapshot().algorithm; }
  const Addresses& file() const { return file_; }
  const std::string& json() const { return json_; }
  // Addresses whose series the rules count.
  Addresses counted() const {
    Addresses result = file_;
    for (const JobInstance& foreign : reconciler_.snapshot().foreign_targets) {
      result.erase(foreign.instance);
    }
    return result;
  }

 private:
  std::string key() const { return "/registry/s/" + name_; }

  void publish(SteadyTime now) {
    const Registration& wanted = reconciler_.registration();
    const auto there = store_.members.find(key());
    if (!wanted.wanted) {
      if (there != store_.members.end()) {
        store_.erase(Source::kMembers, key());
        reconciler_.observe(RegistrationLost{.withdrawn = true}, now);
      }
    } else if (!registered_ || there == store_.members.end() ||
               there->second.value != wanted.value) {
      registered_ = true;
      store_.put(Source::kMembers, key(), wanted.value);
      reconciler_.observe(
          Registered{.ttl = std::chrono::seconds(5), .confirmed = now, .revision = store_.revision},
          now);
      reconciler_.observe(SourceWatched{.source = Source::kMembers}, now);
    }
  }

  // Each target once an interval, at a moment of its own.
  void scrape(SteadyTime now) {
    ScrapesSeen event;
    for (const std::string& address : file_) {
      const Duration offset(std::hash<std::string>()(address) % kInterval.count());
      const Duration since = std::chrono::duration_cast<Duration>(now.time_since_epoch()) - offset;
      const double last = static_cast<double>(since / kInterval) * 5 + 1;
      const auto first = first_scrape_.try_emplace(address, last).first->second;
      event.targets.push_back(
          {.address = address, .last_scrape = last > first ? last : 0, .up = true});
    }
    std::erase_if(first_scrape_, [&](const auto& item) { return !file_.contains(item.first); });
    if (reconciler_.wants_scrapes()) reconciler_.observe(event, now);
  }

  static Addresses read(const std::string& json) {
    Addresses result;
    for (int target = 1; target <= 40; ++target) {
      if (json.find('"' + address_of(target) + '"') != std::string::npos) {
        result.insert(address_of(target));
      }
    }
    return result;
  }

  std::string name_;
  VirtualStore& store_;
  std::size_t heard_;
  Reconciler reconciler_;
  bool registered_ = false;  // by this run
  double wall_ = 1.7e9;      // what the wall clock said at SteadyTime{}
  std::string json_;
  Addresses file_;
  std::map<std::string, double> first_scrape_;
};

// A cluster under whatever a test does to it.
class VirtualCluster {
 public:
  explicit VirtualCluster(int targets) {
    for (int i = 1; i <= targets; ++i) add_target(i);
  }

  void join(int i) {
    const std::string name = "n" + std::to_string(i) + ":9090";
    if (nodes_.contains(name)) return;
    leaving_.erase(name);
    nodes_[name] = std::make_unique<VirtualNode>(name, store_, std::vector<Target>{}, now_);
  }
  // An original promster: a key with an empty value, and no reconciler.
  void join_original(const std::string& name) {
    store_.put(Source::kMembers, "/registry/s/" + name, "");
  }
  void leave_original(const std::string& name) {
    store_.erase(Source::kMembers, "/registry/s/" + name);
  }
  void leave(int i) {
    const auto found = nodes_.find("n" + std::to_string(i) + ":9090");
    if (found == nodes_.end()) return;
    leaving_.insert(found->first);
    const bool others = std::ranges::any_of(
        nodes_, [&](const auto& item) { return !leaving_.contains(item.first); });
    if (others) {
      found->second->stop(now_);
    } else {
      leaving_.erase(found->first);  // somebody must be there to take over
    }
  }
  void crash(int i) {
    const auto found = nodes_.find("n" + std::to_string(i) + ":9090");
    if (found == nodes_.end() || nodes_.size() == 1) return;
    found->second->forget();
    nodes_.erase(found);
  }
  // The agent alone: its key, its file and its Prometheus stay.
  void restart(int i) {
    const auto found = nodes_.find("n" + std::to_string(i) + ":9090");
    if (found == nodes_.end()) return;
    std::vector<Target> former = read_targets_json(found->second->json());
    const std::string name = found->first;
    nodes_.erase(found);
    leaving_.erase(name);
    nodes_[name] = std::make_unique<VirtualNode>(name, store_, std::move(former), now_);
  }
  void step_clock(int i, double seconds) {
    const auto found = nodes_.find("n" + std::to_string(i) + ":9090");
    if (found != nodes_.end()) found->second->step_clock(seconds);
  }
  // etcd forgets all members at once, and all of them live.
  void forget_members() {
    for (const auto& [name, node] : nodes_) node->forget();
  }
  void add_target(int i) { store_.put(Source::kTargets, key_of(i), ""); }
  void remove_target(int i) { store_.erase(Source::kTargets, key_of(i)); }

  // Lets time pass; each node hears of up to `hears` changes a tick.
  void run(Duration time, std::size_t hears) {
    for (Duration passed{}; passed < time; passed += kTick) {
      now_ += kTick;
      for (auto& [name, node] : nodes_) {
        node->hear(hears, now_);
        node->tick(now_);
        for (const std::string& suspect : node->suspects()) {
          node->probed(suspect, nodes_.contains(suspect), now_);
        }
      }
      std::erase_if(nodes_, [&](const auto& item) { return item.second->done(now_); });
      watch();
    }
  }

  // The targets that the rules of all nodes together do not count once.
  std::map<std::string, int> miscounted() const {
    std::map<std::string, int> result;
    for (const auto& [key, entry] : store_.targets) {
      const std::string address = key.substr(key.rfind('/') + 1);
      for (const auto& [name, node] : nodes_) result[address] += node->counted().contains(address);
    }
    std::erase_if(result, [](const auto& item) { return item.second == 1; });
    return result;
  }

  std::map<std::string, Addresses> files() const {
    std::map<std::string, Addresses> result;
    for (const auto& [name, node] : nodes_) result[name] = node->file();
    return result;
  }
  // What nodes that were started just now would write, in the end.
  std::map<std::string, Addresses> fresh_files() const {
    std::map<std::string, Addresses> result;
    std::vector<std::string> names;
    for (const auto& [name, node] : nodes_) names.push_back(name);
    std::vector<Target> targets;
    for (const auto& [key, entry] : store_.targets) {
      targets.push_back(std::get<Target>(parse_target(entry)));
    }
    std::vector<const Target*> pointers;
    for (const Target& target : targets) pointers.push_back(&target);
    for (const std::string& name : names) {
      const Share share =
          take_share(pointers, names, name, {.algorithm = ShardAlgorithm::kBounded});
      Addresses& mine = result[name];
      for (std::size_t i = 0; i < pointers.size(); ++i) {
        if (share.mine(i)) mine.insert(pointers[i]->address);
      }
    }
    return result;
  }

  // What the original's ring of these members gives to each of our nodes.
  std::map<std::string, Addresses> legacy_files(const std::vector<std::string>& members) const {
    std::vector<ShardTarget> targets;
    for (const auto& [key, entry] : store_.targets)
      targets.push_back({.shard_key = key, .id = key});
    const Assignment assignment = legacy_assign(targets, members);
    std::map<std::string, Addresses> result;
    for (const auto& [name, node] : nodes_) result[name];
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const std::string& owner = members[assignment.owners(i)[0]];
      const std::string_view key = targets[i].id;
      if (nodes_.contains(owner)) result[owner].emplace(key.substr(key.rfind('/') + 1));
    }
    return result;
  }
  std::set<std::string> algorithms() const {
    std::set<std::string> result;
    for (const auto& [name, node] : nodes_) result.insert(node->algorithm());
    return result;
  }

  int times_counted(int target) const {
    return static_cast<int>(std::ranges::count_if(nodes_, [&](const auto& item) {
      return item.second->counted().contains(address_of(target));
    }));
  }

  bool watch_coverage_ = false;
  Addresses left_alone_;                      // targets that were in no file for more than a second
  std::map<std::string, int> miscounted_ms_;  // for how long a target was not counted exactly once

 private:
  std::map<std::string, int> alone_ms_;
  std::set<std::string> leaving_;

  void watch() {
    if (!watch_coverage_) return;
    for (const auto& [key, entry] : store_.targets) {
      const std::string address = key.substr(key.rfind('/') + 1);
      int scraped = 0, counted = 0;
      for (const auto& [name, node] : nodes_) {
        scraped += node->file().contains(address) ? 1 : 0;
        counted += node->counted().contains(address) ? 1 : 0;
      }
      alone_ms_[address] = scraped == 0 ? alone_ms_[address] + static_cast<int>(kTick.count()) : 0;
      if (alone_ms_[address] > 1000) left_alone_.insert(address);
      if (counted != 1) miscounted_ms_[address] += static_cast<int>(kTick.count());
    }
  }

  SteadyTime now_{std::chrono::hours(1)};
  VirtualStore store_;
  std::map<std::string, std::unique_ptr<VirtualNode>> nodes_;
};

}  // namespace promster::virtual_cluster
