#pragma once

#include <string>

namespace promster {

enum class MemberState { kActive, kDraining };

// The name under which a node publishes that it assigns targets by bounded rendezvous.
inline constexpr const char* kBoundedAlgorithm = "bounded-1";

// A node of the cluster, as its etcd key and value tell.
struct Member {
  std::string name;       // host:port of its Prometheus, the last segment of its key
  std::string algorithm;  // "bounded-1"; empty for an original promster, which uses the legacy ring
  MemberState state = MemberState::kActive;
  std::string applied;   // hash of the member set whose share its Prometheus is seen scraping
  std::string instance;  // random id of this run of the node
  std::string scrapes;   // the etcd prefix of its targets
  std::string web;       // base URL of its page and API
  std::string version;

  bool operator==(const Member&) const = default;
};

}  // namespace promster
