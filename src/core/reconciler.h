#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/duration.h"
#include "core/cluster_changes.h"
#include "core/cluster_state.h"
#include "core/config_delivery.h"
#include "core/drain.h"
#include "core/event.h"
#include "core/foreign_targets.h"
#include "core/history.h"
#include "core/member_guard.h"
#include "core/node_keys.h"
#include "core/pace.h"
#include "core/plan.h"
#include "core/registration_policy.h"
#include "core/ring.h"
#include "core/rule_phase.h"
#include "core/scrape_counter.h"
#include "core/settings.h"
#include "core/shard.h"
#include "core/snapshot.h"
#include "core/target_delivery.h"
#include "core/target_hold.h"
#include "core/written_files.h"

namespace promster {

// Who this node is.
struct NodeIdentity {
  std::string name;      // host:port of its Prometheus, as siblings know it
  std::string instance;  // random, of this run
  std::string web;       // base URL of its page
  std::string version;
  std::int64_t pid = 0;
};

// What a former run left on disk.
struct DiskState {
  bool config_present = false;   // prometheus.yml and rules.yml
  bool targets_present = false;  // sd/targets.json
  std::vector<Target> targets;   // what that holds (core/read_targets.h)
  WrittenFiles::Former files;    // their bytes, for people
};

// How long a node that is stopped scrapes on at most, while the others take over (--shard.drain).
// Pure.
Duration drain_budget(const Settings& settings);

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

  // What the wall clock says (seconds since 1970): rules are evaluated by it. It may step.
  void tell_time(SteadyTime now, double unix_now);

  // When step() has something to do even if no event comes; nullopt: only an event can change that.
  std::optional<SteadyTime> deadline() const;

  // What is to be done now. The same plan is not given twice: its outcome must be told to
  // applied().
  Plan step(SteadyTime now);
  void applied(const Outcome& outcome, SteadyTime now);

  // What the registrar is to do, as of the last step() or applied().
  const Registration& registration() const { return registration_; }
  // Whether it matters what Prometheus scrapes (ScrapesSeen), as of the last step().
  bool wants_scrapes() const { return shard_.handover().wants_scrapes() || hold_.wants_scrapes(); }
  // Which siblings are to be asked whether they live (SiblingProbed), as of the last step().
  std::set<std::string> suspects() const { return guard_.suspects(); }

  // True once a stop was asked for and the registration is withdrawn, or took too long. A node that
  // is only to drain goes on until then, with nothing that is its own.
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
  void on(const ScrapesSeen& event, SteadyTime now);
  void on(const SiblingProbed& event, SteadyTime now);
  void on(const BaseConfigRead& event, SteadyTime now);
  void on(const RefreshAsked& event, SteadyTime now);
  void on(const RemovalConfirmed& event, SteadyTime now);
  void on(const DrainAsked& event, SteadyTime now);
  void on(const StopAsked& event, SteadyTime now);

  bool synced() const;
  void members_changed(const std::map<std::string, Member>& before, SteadyTime now);
  void assignment_due(SteadyTime now);
  void file_due(SteadyTime now);
  void own_key_gone() { ++registration_.renewal; }
  std::optional<std::string> rival() const;
  void note_rival();
  DrainEnd no_drain() const;
  DrainEnd how_drained(bool silent) const;
  bool others_stay() const;
  bool has_share() const;
  void leave(SteadyTime now);
  void stop_now(DrainEnd end, SteadyTime now);
  bool left(SteadyTime now) const;
  void forget_registration(SteadyTime now);

  void hand_over(SteadyTime now);
  SwitchAllowed switch_allowed(SteadyTime now) const;
  std::optional<SteadyTime> switch_deadline() const;
  bool assign(SteadyTime since, SteadyTime now);
  std::vector<const Target*> file() const;
  const Member* known_member(const std::string& name) const;
  std::map<std::string, Member> known_members() const;
  Membership membership() const;
  void remember(ClusterChange change, SteadyTime since);
  void adopt_former_run(const std::map<std::string, Member>& members, const Ring& ring,
                        SteadyTime now);
  void review_hold(SteadyTime now);
  bool counts_alone(const std::map<std::string, Member>& members, const Ring& ring) const;
  void due_targets(Plan& plan, SteadyTime now);
  void settle_registration(SteadyTime now);

  void applied_config(const ConfigOutcome& outcome, SteadyTime now);
  void applied_targets(const TargetsOutcome& outcome, SteadyTime now);
  void file_replaced(const std::set<std::string>& before, SteadyTime now);
  void file_in_place(SteadyTime now);
  std::vector<std::string> missing() const;
  std::vector<std::string> degraded() const;
  std::vector<JobInstance> foreign_targets() const;
  void look_at_cluster() const;
  void look_at_targets() const;
  SourceSnapshot& source(Source which);
  double unix_at(SteadyTime now) const;

  const Settings settings_;
  const NodeIdentity identity_;
  const std::string own_key_;  // in the registry
  const SwitchWindow window_;

  ClusterState state_;
  MemberGuard guard_;
  NodeKeys nodes_;  // of the level below
  TargetHold hold_;
  Shard shard_;
  ScrapeCounter scrapes_;
  BaseConfig base_;  // of the site, as it is now
  ConfigDelivery config_;
  TargetDelivery file_;
  ForeignTargets foreign_;
  RegistrationPolicy policy_;
  Registration registration_;
  Pace pace_;
  Drain drain_;
  WrittenFiles files_;
  History history_;

  std::map<std::string, Member> vanished_;  // the last words of members whose key is gone
  std::vector<Target> former_;  // what the last run's file holds, until it was looked at
  std::optional<SteadyTime> members_lost_;  // since when the registry is silent

  SteadyTime now_{};                          // of the last event or step
  double unix_at_zero_ = 0;                   // the wall clock at SteadyTime{}
  std::optional<SteadyTime> assignment_due_;  // since when members or targets are not what they
                                              // were at the last assignment
  std::optional<Membership> membership_;      // at that one
  std::optional<SteadyTime> first_file_due_;  // there is no target file yet, not even an empty one
  bool withdrawn_ = false;                    // we are no member, since our Prometheus is down
  std::optional<SteadyTime> changed_since_;   // of the change not yet in the file
  std::int64_t key_revision_ = 0;             // of our key, when we put it first under this lease
  std::int64_t rival_revision_ = 0;           // of our key, when another was last seen to put it
  std::optional<SteadyTime> member_since_;    // of our first registration
  ApplyConfig tried_;                         // the last configuration that was planned
  std::string pending_reason_;                // why Prometheus could not be asked to load it
  std::optional<SteadyTime> stop_by_;
  bool stays_ = false;  // it was asked to drain: when it has left, it waits to be stopped
  SteadyTime started_{};
  // What is counted and shown as it was seen; snapshot() adds the rest. What follows from members
  // and targets may be many thousands, and is put in only where it is stale: after a change.
  mutable Snapshot seen_;
  mutable bool stale_ = true;
};

}  // namespace promster
