#pragma once

#include <cstddef>
#include <optional>

#include "etcd/messages.h"

namespace promster {

// Turns the messages of one watch stream into whole answers: fragments are put together, so that
// changes made in one transaction are told together, and a cancellation becomes the error it stands
// for. What came of an unfinished answer goes with it.
//
// Thread rule: one thread.
class WatchAssembler {
 public:
  // What etcd sends in pieces of 1.5 MB may not grow beyond `most` bytes.
  explicit WatchAssembler(std::size_t most = std::size_t{256} << 20) : most_(most) {}

  // A whole answer; nullopt where more fragments are to come; or why the watch has ended.
  EtcdResult<std::optional<WatchResponse>> add(WatchMessage message);

 private:
  std::size_t most_;
  std::size_t bytes_ = 0;
  std::vector<KeyChange> fragments_;
};

}  // namespace promster
