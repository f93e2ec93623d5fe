#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/duration.h"
#include "core/base_config.h"
#include "core/keyspace.h"

// What the readers put into the inbox of the control thread. Plain values.
namespace promster {

// Which of the two key prefixes an event speaks of.
enum class Source { kMembers, kTargets };

// A whole prefix was read at one revision.
struct Listed {
  Source source;
  Listing listing;
  std::uint64_t cluster_id = 0;
};

// A watch told of changes, in order.
struct Changed {
  Source source;
  std::int64_t revision = 0;
  std::vector<KeyChange> changes;
};

// No endpoint answers, or a watch ended. What is known stays as it is. `reason` is for people,
// `code` one of a small set fit for a metric label: compacted, no_leader, unavailable, auth,
// canceled, too_large, audit, other.
struct SourceLost {
  Source source;
  std::string code;
  std::string reason;
};

// A watch stands (again).
struct SourceWatched {
  Source source;
  std::int64_t revision = 0;
};

// A call to etcd ended; `code` is empty where it went well.
struct EtcdCalled {
  std::string operation;  // range, watch, grant, put, keep_alive, revoke, authenticate
  double seconds = 0;
  std::string code;
};

// Our key is in etcd under a lease of `ttl`, as granted; or was kept alive. `confirmed` is when the
// request that was answered was sent.
struct Registered {
  Duration ttl{};
  SteadyTime confirmed{};
  bool renewed = false;       // true for a keep-alive, false for a new lease
  std::int64_t revision = 0;  // of a new lease: of the store, with our key in it
};

// Our key is not in etcd any more, or may not be.
struct RegistrationLost {
  std::string reason;
  bool withdrawn = false;  // because we asked for it
};

// What a look at our Prometheus found.
struct PrometheusSeen {
  bool ready = false;
  std::string reason;   // why it is not ready
  std::string version;  // where known
  std::string started;  // when its process did, RFC 3339; where known
};

// What our Prometheus scrapes for us, while somebody wants to know (ProbeWish).
struct ScrapesSeen {
  struct One {
    std::string address;     // as discovered (__address__), each once
    double last_scrape = 0;  // unix seconds; 0: not yet
    bool up = false;         // the last scrape went well
  };
  // Where several jobs scrape an address: the oldest of their last scrapes, and up if all are.
  std::vector<One> targets;
};

// What asking a sibling's Prometheus whether it lives came to.
struct SiblingProbed {
  std::string name;  // of the sibling: host:port of its Prometheus
  bool answers = false;
  std::string reason;  // why it does not, or how it answered: "HTTP 503"
};

// The site's own configuration, or a file of rules that it names, is not what it was.
struct BaseConfigRead {
  BaseConfig base;
  std::string fault;  // why it cannot be read; there is no base then
};

// SIGHUP: render everything again and reload.
struct RefreshAsked {};

// SIGUSR1: the targets that are held are gone indeed.
struct RemovalConfirmed {};

// SIGUSR2, which `promster drain` sends: hand over what is ours, leave, and wait for StopAsked.
struct DrainAsked {};

// SIGTERM, SIGINT or POST /-/quit.
struct StopAsked {};

using Event = std::variant<Listed, Changed, SourceLost, SourceWatched, EtcdCalled, Registered,
                           RegistrationLost, PrometheusSeen, ScrapesSeen, SiblingProbed,
                           BaseConfigRead, RefreshAsked, RemovalConfirmed, DrainAsked, StopAsked>;

}  // namespace promster
