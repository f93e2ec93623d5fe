#include "cli/status_etcd.h"

#include <chrono>
#include <utility>

#include "agent/listing.h"
#include "agent/shown_node.h"
#include "cli/status_reader.h"
#include "core/cluster_state.h"
#include "core/shard_algorithm.h"
#include "core/share.h"
#include "web/api.h"

namespace promster {
namespace {

constexpr std::size_t kExamples = 10;

SourceSnapshot source_of(const Listing& listing, bool enabled) {
  return {.enabled = enabled,
          .synced = enabled,
          .up = enabled,
          .revision = listing.revision,
          .reason = {},
          .lost = {},
          .watch_restarts = {}};
}

std::vector<std::string> active_members(const ClusterState& state) {
  std::vector<std::string> active;
  for (const auto& [name, member] : state.members()) {
    if (member.state == MemberState::kActive) active.push_back(name);
  }
  return active;
}

Share share_of(const Settings& settings, const ClusterState& state, ShardAlgorithm algorithm) {
  if (!settings.sharding()) return take_all(state.targets());
  if (active_members(state).empty()) return {};  // nobody has anything
  ShardSettings shard = settings.shard;
  shard.algorithm = algorithm;
  return take_share(state.targets(), active_members(state), "", shard);
}

void add_cluster(Snapshot& snapshot, const Settings& settings, const ClusterState& state) {
  const ShardAlgorithm algorithm = effective_algorithm(settings.shard.algorithm, snapshot.members);
  const Share share = share_of(settings, state, algorithm);
  snapshot.algorithm = std::string(algorithm_name(algorithm));
  snapshot.sharding = settings.sharding();
  snapshot.owners_each = share.assignment().owners_each();
  snapshot.assignment_checksum = share.checksum(state.targets());
  snapshot.imbalance = share.imbalance();
  snapshot.cluster = std::make_shared<const ClusterPicture>(
      ClusterPicture{.targets = TargetTable(state.targets()),
                     .sharing = {share.members(), share.assignment()},
                     .algorithm = algorithm,
                     .slack = settings.shard.slack,
                     .replicas = settings.shard.replicas,
                     .shard_key = settings.shard.key,
                     .sharded = settings.sharding(),
                     .revision = snapshot.targets_source.revision,
                     .load = share.assignment().load()});
}

}  // namespace

Snapshot snapshot_of_etcd(const Settings& settings, const Listing& members,
                          const Listing& targets) {
  ClusterState state(target_limits(settings.scrape));
  state.list_members(members);
  state.list_targets(targets);
  Snapshot snapshot;
  snapshot.service = settings.registry.service;
  snapshot.missing = {"no node was asked; this is what etcd has"};
  snapshot.members_source = source_of(members, settings.registry.enabled());
  snapshot.targets_source = source_of(targets, true);
  for (const auto& [name, member] : state.members()) snapshot.members.push_back(member);
  snapshot.targets_discovered = state.target_count();
  for (const auto& [key, rejected] : state.rejected()) {
    ++snapshot.targets_rejected[rejected.code];
    if (snapshot.rejected_examples.size() < kExamples) {
      snapshot.rejected_examples.push_back(rejected);
    }
  }
  add_cluster(snapshot, settings, state);
  return snapshot;
}

// The API, without a server in front of it.
struct EtcdAnswers::Api {
  Api(const Settings& settings, Snapshot snapshot, Health health) : published(std::move(snapshot)) {
    NodeView view = shown_node(settings, {}, published);
    if (health == Health::kLeave) view.ask_health = {};
    add_api(router, view);
  }

  Published<Snapshot> published;
  Router router;
};

EtcdAnswers::EtcdAnswers(std::unique_ptr<Api> api) : api_(std::move(api)) {}
EtcdAnswers::~EtcdAnswers() = default;
EtcdAnswers::EtcdAnswers(EtcdAnswers&&) noexcept = default;
EtcdAnswers& EtcdAnswers::operator=(EtcdAnswers&&) noexcept = default;

Result<EtcdAnswers> EtcdAnswers::read(const Settings& settings, Health health) {
  Listing members;
  if (settings.registry.enabled()) {
    auto listed = list_members(settings.registry);
    if (!listed) return listed.error();
    members = std::move(listed->listing);
  }
  const auto targets = list_targets(settings.scrape);
  if (!targets) return targets.error();
  Snapshot snapshot = snapshot_of_etcd(settings, members, targets->listing);
  snapshot.time =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return EtcdAnswers(std::make_unique<Api>(settings, std::move(snapshot), health));
}

Result<std::string> EtcdAnswers::ask(const std::string& resource) {
  if (resource.starts_with("history")) {
    return Error{
        "history; nodes remember it, etcd does not; try: --url=http://NODE:9096, the page of a "
        "node"};
  }
  WebRequest request{.method = "GET"};
  if (!parse_request_target("/api/v1/" + resource, request)) {
    return Error{resource + "; it is no resource of the API"};
  }
  return open_envelope(settled(api_->router.handle(request)).body);
}

}  // namespace promster
