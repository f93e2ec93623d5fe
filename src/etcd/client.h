#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

#include "core/event.h"
#include "core/settings.h"
#include "etcd/etcd.h"

namespace promster {

struct EtcdClientOptions {
  EtcdSettings settings;   // REQUIRES: at least one endpoint
  std::uint64_t seed = 0;  // the order in which endpoints are tried: another in each process
  std::function<void(const EtcdCalled&)> report;  // is told of every call that ended
  std::stop_token stop;  // ends calls under way, but not revoke(), with kCanceled
};

// A client of a real etcd, over gRPC. It connects when it is first used, stays with an endpoint
// that answers, and turns to the next where one does not; every new connection reads the
// certificates again. With a user it sends a token with every call, and renews it when etcd says
// that it has run out.
std::unique_ptr<Etcd> make_etcd_client(EtcdClientOptions options);

}  // namespace promster
