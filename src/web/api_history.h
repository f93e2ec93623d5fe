#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/history.h"
#include "core/snapshot.h"

// What happened to the cluster. Pure functions, any thread.
namespace promster {

// "joined", "left", "draining", "kept", "back", "restarted".
std::string_view change_word(MemberChange::Kind kind);

// A sentence for people: "10.0.0.2:9090 left (lease expired or revoked), 4 targets moved, settled
// here in 1.1 s". `node` is this one, whose own the time is: it is left out where no move names it.
std::string change_summary(const ClusterChange& change, std::string_view node);

// An entry of the history, which is the data of the event `change`, too.
std::string change_json(const ClusterChange& change, std::string_view node);

// A move between members.
std::string move_json(const MoveCount& move);

// The `data` of GET /api/v1/history: the newest first.
std::string history_json(const Snapshot& snapshot, std::size_t offset, std::size_t limit);

}  // namespace promster
