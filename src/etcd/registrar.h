#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "base/inbox.h"
#include "core/event.h"
#include "etcd/etcd.h"

namespace promster {

struct RegistrarOptions {
  std::string key;
  Duration ttl{10'000};  // of the lease; etcd may grant more, and then that counts
  std::uint64_t seed = 0;
};

// What the registrar is to do from now on; a later wish replaces an earlier one.
struct RegistrationWish {
  bool registered = false;
  std::string value;   // where not registered: the last words, put before the key goes; empty: none
  bool again = false;  // our key was seen deleted: put it once more, under a new lease, at once
};

// Keeps one key in etcd, under a lease, as wished, until a stop is asked for; then, and when the
// wish is not to be registered, it revokes the lease: at a stop at once, else after the last words
// were put. Until the first wish it does nothing.
//
// The lease is kept alive every G/5 (0.5 s at least), G being what etcd granted. It counts as lost
// when etcd says so, or when G has passed since the last keep-alive that was answered was sent; the
// key is then put under a new one. While etcd does not answer it tries on (retry_pause.h).
//
// Tells of Registered, for every new lease and every keep-alive, and of RegistrationLost.
//
// Blocks; to be run in a thread of its own, the one reader of `wishes`. `etcd` is used by this
// thread only.
void keep_registered(Etcd& etcd, const RegistrarOptions& options, Inbox<RegistrationWish>& wishes,
                     Inbox<Event>& events, std::stop_token stop);

}  // namespace promster
