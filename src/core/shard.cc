#include "core/shard.h"

#include <algorithm>
#include <utility>

#include "core/ownership_guard.h"

namespace promster {
namespace {

// Two discovery ticks of Prometheus, and a little.
constexpr Duration kDiscovery = std::chrono::seconds(12);

bool rules_have_ranges(const Settings& settings) {
  return std::ranges::any_of(settings.rules, [](const RecordingRule& rule) {
    return guard_expression(rule.expr).longest_range > Duration::zero();
  });
}

Handover::Options handover_options(const Settings& settings) {
  const int scrapes = rules_have_ranges(settings) ? 2 : 1;
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

void Shard::assign(const Cluster& cluster, SteadyTime now) {
  const auto& targets = cluster.targets;
  ShardSettings settings = settings_;
  settings.algorithm = cluster.ring.algorithm;
  share_ =
      sharding_ ? take_share(targets, cluster.ring.members, self_, settings) : take_all(targets);
  checksum_ = share_.checksum(targets);
  const bool ring_changed = cluster.ring.hash != ring_.hash;
  std::vector<Handover::Claim> claims;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (share_.mine(i)) claims.push_back(claim_of(cluster, i, ring_changed));
  }
  for (const Target* held : handover_.file()) {
    const auto found = std::ranges::lower_bound(targets, held->key, {}, &Target::key);
    if (found == targets.end() || (*found)->key != held->key) continue;
    const auto i = static_cast<std::size_t>(found - targets.begin());
    if (!share_.mine(i)) claims.push_back(claim_of(cluster, i, ring_changed));
  }
  handover_.assign(
      claims, cluster.ring.hash,
      [&](const std::string& name) { return cluster.alive.contains(name); }, now);
  ring_ = cluster.ring;
  alive_ = cluster.alive;
  memory_.emplace(targets, share_);
}

Handover::Claim Shard::claim_of(const Cluster& cluster, std::size_t target,
                                bool ring_changed) const {
  Handover::Claim claim{
      .target = cluster.targets[target], .mine = share_.mine(target), .by_clock = !ring_changed};
  if (!claim.mine) {
    claim.owners = share_.owners(target);
    // An original promster acknowledges nothing.
    claim.by_clock = claim.by_clock || std::ranges::any_of(claim.owners, [&](const auto& owner) {
                       const auto found = cluster.members.find(owner);
                       return found != cluster.members.end() && found->second.algorithm.empty();
                     });
  } else if (!memory_) {
    // We are new. Whoever is there has had all targets among them.
    claim.from = {cluster.alive.begin(), cluster.alive.end()};
  } else if (const auto former = memory_->owners(claim.target->key); former) {
    if (std::ranges::find(*former, self_) == former->end()) claim.from = *former;
  }
  return claim;
}

bool Shard::advance(const std::map<std::string, Member>& members, SwitchAllowed allowed,
                    SteadyTime now) {
  const auto has_applied = [&](const std::string& name, const std::string& ring) {
    const auto found = members.find(name);
    return found != members.end() && found->second.applied == ring;
  };
  const auto is_alive = [&](const std::string& name) { return alive_.contains(name); };
  return handover_.advance({.has_applied = has_applied, .is_alive = is_alive}, allowed, now);
}

}  // namespace promster
