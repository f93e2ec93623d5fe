#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "base/duration.h"
#include "core/cluster_state.h"
#include "core/config_delivery.h"
#include "core/event.h"
#include "core/foreign_targets.h"
#include "core/pace.h"
#include "core/plan.h"
#include "core/registration_policy.h"
#include "core/settings.h"
#include "core/share.h"
#include "core/snapshot.h"

namespace promster {

// Who this node is.
struct NodeIdentity {
  std::string name;      // host:port of its Prometheus, as siblings know it
  std::string instance;  // random, of this run
  std::string web;       // base URL of its page
  std::string version;
};

// What a former run left on disk.
struct DiskState {
  bool config_present = false;   // prometheus.yml and rules.yml
  bool targets_present = false;  // sd/targets.json
};

// The brain, without any I/O: folds events into a state, and says what is to be done. The loop is
//
//   observe each event; step; execute the plan; applied; publish snapshot
//
// Nothing is removed for lack of information: until both prefixes were listed once, the target file
// of the last run stays; when etcd falls silent, what is known stays.
//
// Thread rule: one thread (the control thread). Time is always a parameter, and never goes back.
class Reconciler {
 public:
  Reconciler(Settings settings, NodeIdentity identity, DiskState disk, SteadyTime now);

  void observe(const Event& event, SteadyTime now);

  // When step() has something to do even if no event comes; nullopt: only an event can change that.
  std::optional<SteadyTime> deadline() const;

  // What is to be done now. The same plan is not given twice: its outcome must be told to
  // applied().
  Plan step(SteadyTime now);

  // `unix_now`: seconds since 1970, for display only.
  void applied(const Outcome& outcome, SteadyTime now, double unix_now);

  // What the registrar is to do, as of the last step().
  const Registration& registration() const { return registration_; }

  // True once a stop was asked for and the registration is withdrawn, or took too long.
  bool done(SteadyTime now) const;

  Snapshot snapshot() const;

 private:
  void on(const Listed& event, SteadyTime now);
  void on(const Changed& event, SteadyTime now);
  void on(const SourceLost& event, SteadyTime now);
  void on(const SourceWatched& event, SteadyTime now);
  void on(const EtcdCalled& event, SteadyTime now);
  void on(const Registered& event, SteadyTime now);
  void on(const RegistrationLost& event, SteadyTime now);
  void on(const PrometheusSeen& event, SteadyTime now);
  void on(const ScrapesSeen&, SteadyTime) {}
  void on(const SiblingProbed&, SteadyTime) {}
  void on(const RefreshAsked& event, SteadyTime now);
  void on(const StopAsked& event, SteadyTime now);

  bool synced() const;
  void cluster_changed(SteadyTime now);
  void own_key_gone();
  void count_members(const std::set<std::string>& before);
  std::vector<std::string> ring() const;
  void due_targets(Plan& plan, SteadyTime now);
  WriteTargets compute_targets();
  void targets_written(SteadyTime now);
  void applied_config(const ConfigOutcome& outcome, SteadyTime now, double unix_now);
  void applied_targets(const TargetsOutcome& outcome, SteadyTime now);
  void settle_registration(SteadyTime now);
  std::vector<std::string> missing() const;
  std::vector<std::string> degraded() const;
  SourceSnapshot& source(Source which);

  const Settings settings_;
  const NodeIdentity identity_;

  ClusterState state_;
  ConfigDelivery config_;
  ForeignTargets foreign_;
  RegistrationPolicy policy_;
  Registration registration_;
  Pace pace_;

  Share share_;
  std::string planned_;                 // the bytes given out by the last plan, not yet confirmed
  std::optional<std::string> written_;  // the bytes known to be on disk
  std::set<std::string> planned_addresses_, written_addresses_;
  std::optional<SteadyTime> write_again_;
  Backoff write_backoff_;
  std::string write_failure_;
  std::optional<SteadyTime> changed_since_;  // of the change not yet in the file
  bool first_file_due_ = false;

  std::optional<SteadyTime> stop_by_;
  Snapshot seen_;  // what is counted and shown as it was seen; snapshot() adds the rest
};

}  // namespace promster
