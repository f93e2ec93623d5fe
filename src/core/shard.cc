#include "core/shard.h"

#include <algorithm>
#include <utility>

#include "core/cluster_changes.h"
#include "core/render.h"

namespace promster {
namespace {

// Two discovery ticks of Prometheus, and a little.
constexpr Duration kDiscovery = std::chrono::seconds(12);

Handover::Options handover_options(const Settings& settings) {
  const int scrapes = longest_range(settings) > Duration::zero() ? 2 : 1;
  const Duration automatic = kDiscovery + scrapes * settings.scrape.interval;
  return {.acknowledged = !settings.shard.handover,
          .timer = settings.sharding() ? settings.shard.handover.value_or(automatic) : Duration(0),
          .scrapes = scrapes};
}

}  // namespace

Shard::Shard(const Settings& settings, std::string self)
    : settings_(settings.shard),
      sharding_(settings.sharding()),
      self_(std::move(self)),
      handover_(handover_options(settings)) {}

bool Shard::same(const Cluster& cluster) const {
  return cluster.ring.hash == ring_.hash && cluster.version == version_ && cluster.alive == alive_;
}

std::optional<ClusterChange> Shard::assign(const Cluster& cluster, SteadyTime now) {
  const auto& targets = cluster.targets;
  ShardSettings settings = settings_;
  settings.algorithm = cluster.ring.algorithm;
  share_ =
      sharding_ ? take_share(targets, cluster.ring.members, self_, settings) : take_all(targets);
  checksum_ = share_.checksum(targets);
  auto picture = std::make_shared<const ClusterPicture>(picture_of(cluster));
  const std::vector<std::uint32_t> former = picture_->targets.places_of(picture->targets);
  handover_.assign(
      claims_of(cluster, former), cluster.ring.hash,
      [&](const std::string& name) { return cluster.alive.contains(name); }, now);
  std::optional<ClusterChange> change;
  if (assigned()) change = target_changes(*picture_, *picture, former);
  ring_ = cluster.ring;
  alive_ = cluster.alive;
  version_ = cluster.version;
  picture_ = std::move(picture);
  return change;
}

ClusterPicture Shard::picture_of(const Cluster& cluster) const {
  ClusterPicture picture{.targets = TargetTable(cluster.targets),
                         .algorithm = cluster.ring.algorithm,
                         .slack = settings_.slack,
                         .replicas = settings_.replicas,
                         .shard_key = settings_.key,
                         .sharded = sharding_,
                         .revision = cluster.revision};
  if (sharding_) {
    picture.sharing = {.members = share_.members(), .assignment = share_.assignment()};
  } else {
    std::set<std::string> names{self_};
    for (const auto& [name, member] : cluster.members) names.insert(name);
    picture.sharing = {.members = {names.begin(), names.end()},
                       .assignment = Assignment::everyone(names.size(), cluster.targets.size())};
  }
  picture.load = picture.sharing.assignment.load();
  return picture;
}

// Of what is ours now, and of what we held before.
std::vector<Handover::Claim> Shard::claims_of(const Cluster& cluster, Former former) const {
  const auto& targets = cluster.targets;
  std::vector<Handover::Claim> claims;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (share_.mine(i)) claims.push_back(claim_of(cluster, i, former[i]));
  }
  for (const Target* held : handover_.file()) {
    const auto found = std::ranges::lower_bound(targets, held->key, {}, &Target::key);
    if (found == targets.end() || (*found)->key != held->key) continue;
    const auto i = static_cast<std::size_t>(found - targets.begin());
    if (!share_.mine(i)) claims.push_back(claim_of(cluster, i, former[i]));
  }
  return claims;
}

Handover::Claim Shard::claim_of(const Cluster& cluster, std::size_t target,
                                std::uint32_t former) const {
  Handover::Claim claim{.target = cluster.targets[target],
                        .mine = share_.mine(target),
                        .by_clock = cluster.ring.hash == ring_.hash};
  if (!claim.mine) {
    claim.owners = share_.owners(target);
    // An original promster acknowledges nothing.
    claim.by_clock = claim.by_clock || std::ranges::any_of(claim.owners, [&](const auto& owner) {
                       const auto found = cluster.members.find(owner);
                       return found != cluster.members.end() && found->second.algorithm.empty();
                     });
  } else if (!assigned()) {
    // We are new. Whoever is there has had all targets among them.
    claim.from = {cluster.alive.begin(), cluster.alive.end()};
  } else if (former != TargetTable::kNowhere) {
    const Sharing& before = picture_->sharing;
    for (const std::uint32_t owner : before.assignment.owners(former)) {
      claim.from.push_back(before.members[owner]);
    }
    if (std::ranges::find(claim.from, self_) != claim.from.end()) claim.from.clear();
  }
  return claim;
}

bool Shard::advance(const FindMember& find, SwitchAllowed allowed, SteadyTime now) {
  const auto has_applied = [&](const std::string& name, const std::string& ring) {
    const Member* member = find(name);
    return member != nullptr && member->applied == ring;
  };
  const auto is_alive = [&](const std::string& name) { return alive_.contains(name); };
  return handover_.advance({.has_applied = has_applied, .is_alive = is_alive}, allowed, now);
}

}  // namespace promster
