#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/levels.h"
#include "core/snapshot.h"
#include "web/node_view.h"
#include "web/web_message.h"

// GET /api/v1/levels.
namespace promster {

struct LevelNode {
  Member member;
  enum class State { kActive, kDraining, kKept, kDown } state = State::kActive;
};

// "active", "draining", "kept", "down".
std::string_view level_state_word(LevelNode::State state);

// The nodes of a level by name, and how each is. Who does not answer is down, whatever else is said
// of it; of our own level those whose key is gone but who answer are there, too. Pure, any thread.
std::vector<LevelNode> level_nodes(const Snapshot& snapshot, const LevelsSeen& seen,
                                   const Level& level);

// The whole answer; asks etcd. Blocks; any thread.
WebResponse levels_answer(const Snapshot& snapshot, const NodeView& view);

}  // namespace promster
