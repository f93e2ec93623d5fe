#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/entry_value.h"
#include "core/reconciler.h"
#include "core/render.h"

namespace promster::reconciler_test {

inline SteadyTime at(int milliseconds) {
  return SteadyTime(Duration(milliseconds));
}

inline const DiskState kFreshDisk{};
inline const DiskState kUsedDisk{.config_present = true, .targets_present = true};

inline Settings node_settings() {
  Settings settings;
  settings.scrape.etcd_path = "/t";
  settings.scrape.interval = std::chrono::seconds(5);
  settings.registry.etcd.endpoints = {"http://127.0.0.1:2379"};
  settings.registry.service = "s";
  return settings;
}

inline Settings lone_settings() {
  Settings settings = node_settings();
  settings.registry.etcd.endpoints.clear();
  return settings;
}

// A reconciler with the loop of the agent around it; what is planned is done, and remembered.
class LoopedNode {
 public:
  explicit LoopedNode(Settings settings = node_settings(), DiskState disk = kUsedDisk)
      : reconciler_(std::move(settings), {.name = "n1:9090", .instance = "i"}, disk, at(0)) {}

  LoopedNode& see(const Event& event, int now) {
    reconciler_.observe(event, at(now));
    return *this;
  }

  // Steps at `now`, and carries the plan out; returns it.
  Plan step(int now) {
    Plan plan = reconciler_.step(at(now));
    Outcome outcome;
    if (plan.config) {
      configs_.push_back(*plan.config);
      outcome.config = config_outcome_;
    }
    if (plan.targets) {
      outcome.targets = TargetsOutcome{.written = write_result_};
      if (write_result_.ok()) file_ = plan.targets->targets_json;
    }
    reconciler_.applied(outcome, at(now));
    return plan;
  }

  // Steps whenever something is due, up to `now`.
  void run_until(int now) {
    for (auto due = reconciler_.deadline(); due && *due <= at(now); due = reconciler_.deadline()) {
      step(static_cast<int>(due->time_since_epoch() / std::chrono::milliseconds(1)));
    }
  }

  bool scrapes(const std::string& address) const {
    return file_.find('"' + address + '"') != std::string::npos;
  }
  bool missing(const std::string& what) const {
    return std::ranges::any_of(reconciler_.snapshot().missing, [&](const std::string& line) {
      return line.find(what) != std::string::npos;
    });
  }

  // What it publishes of itself.
  Member said() const {
    Member member;
    read_member_value(reconciler_.registration().value, member);
    return member;
  }

  Reconciler reconciler_;
  std::string file_;
  std::vector<ApplyConfig> configs_;
  ConfigOutcome config_outcome_{.kind = ConfigOutcome::Kind::kAccepted};
  Result<bool> write_result_ = true;
};

inline KeyValue target(int i) {
  return {.key = "/t/app/10.1.0." + std::to_string(i) + ":80", .mod_revision = i};
}
inline std::string address(int i) {
  return "10.1.0." + std::to_string(i) + ":80";
}

inline Listed targets_listed(int count) {
  Listing listing{.revision = 100};
  for (int i = 1; i <= count; ++i) listing.entries.push_back(target(i));
  return {.source = Source::kTargets, .listing = listing};
}

inline Listed members_listed(const std::vector<std::string>& names) {
  Listing listing{.revision = 100};
  for (const std::string& name : names) {
    listing.entries.push_back(
        {.key = "/registry/s/" + name,
         .value = render_member_value({.name = name, .algorithm = kBoundedAlgorithm}),
         .mod_revision = 1});
  }
  return {.source = Source::kMembers, .listing = listing};
}

inline Changed member_change(const std::string& name, bool there, int revision) {
  return {.source = Source::kMembers,
          .revision = revision,
          .changes = {{.key = "/registry/s/" + name,
                       .value = there ? std::optional(std::string()) : std::nullopt,
                       .mod_revision = revision}}};
}

inline Changed target_change(int i, bool there, int revision) {
  return {.source = Source::kTargets,
          .revision = revision,
          .changes = {{.key = target(i).key,
                       .value = there ? std::optional(std::string()) : std::nullopt,
                       .mod_revision = revision}}};
}

// A node that is alone, has 20 targets, and a Prometheus.
class SettledNode : public LoopedNode {
 public:
  explicit SettledNode(Settings settings = node_settings()) : LoopedNode(std::move(settings)) {
    see(members_listed({}), 0).see(targets_listed(20), 0);
    see(PrometheusSeen{.ready = true, .version = "2.42.0"}, 0);
    see(SourceWatched{.source = Source::kMembers}, 0)
        .see(SourceWatched{.source = Source::kTargets}, 0);
    run_until(500);
  }
};

}  // namespace promster::reconciler_test
