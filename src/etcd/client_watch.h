#pragma once

#include <memory>

#include "etcd/transport.h"

namespace promster {

// Asks for a watch on a fresh stream, and returns it once etcd has answered `created`, for which it
// has five seconds.
EtcdResult<std::unique_ptr<EtcdWatch>> start_watch(std::unique_ptr<Stream> stream,
                                                   const WatchRequest& request);

}  // namespace promster
