#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/assignment.h"
#include "core/member.h"
#include "core/settings.h"

// Which of the two algorithms a cluster uses: all of its nodes must use the same. Pure functions,
// any thread.
namespace promster {

// What `setting` means now: kLegacy or kBounded. kAuto is kLegacy as long as any member (active or
// draining, whoever asks among them or not) does not name bounded-1, so that all nodes that saw the
// same members decide the same. Without members: kBounded.
ShardAlgorithm effective_algorithm(ShardAlgorithm setting, std::span<const Member> members);

// The name that a node with this setting publishes in its etcd value: "bounded-1", or "legacy",
// which keeps those that are set to `auto` on the legacy ring.
std::string_view published_algorithm(ShardAlgorithm setting);

// "bounded" or "legacy", for people. REQUIRES: not kAuto.
std::string_view algorithm_name(ShardAlgorithm effective);

// assign() or legacy_assign(); the legacy ring knows neither slack nor replicas.
// REQUIRES: not kAuto; what assign() requires.
Assignment assign_by(ShardAlgorithm effective, std::span<const ShardTarget> targets,
                     std::span<const std::string> members, const AssignOptions& options);

}  // namespace promster
