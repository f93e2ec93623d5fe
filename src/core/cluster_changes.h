#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/cluster_picture.h"
#include "core/history.h"
#include "core/member.h"

// What differs between two moments of the cluster, for people (core/history.h). Pure, any thread.
namespace promster {

// What of a ClusterChange follows from the targets: how many were added and removed, what moved
// from whom to whom, some examples. `former`: where the targets of `after` are in `before`
// (TargetTable::places_of). Of what every node scrapes, nothing moves.
ClusterChange target_changes(const ClusterPicture& before, const ClusterPicture& after,
                             std::span<const std::uint32_t> former);

// The nodes of the cluster at one moment.
struct Membership {
  std::map<std::string, Member> members;  // by name, those that are kept among them
  std::set<std::string> kept;             // whose key is gone, but who answer
};

// Who joined, left, drains, is kept, came back or was restarted, by name.
std::vector<MemberChange> member_changes(const Membership& before, const Membership& after);

}  // namespace promster
