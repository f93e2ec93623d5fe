#pragma once

#include <stop_token>

#include "base/duration.h"
#include "base/inbox.h"
#include "core/base_config.h"
#include "core/event.h"

namespace promster {

// A wish of the operator: look at the file now, and have everything reloaded (RefreshAsked).
struct ReadAgain {};

struct BaseConfigWatch {
  BaseConfig known;       // as it was read at the start
  Duration every{2'000};  // between two looks
};

// Looks at the site's own configuration and the files of rules that it names, and pushes
// BaseConfigRead when one of them changed: once two looks saw the same, since an editor may be in
// the middle of writing. A look costs a stat() a file; a notification would not do, since files are
// also replaced behind a symbolic link (Kubernetes) or on another machine (NFS). Returns when it
// is told to stop.
void watch_base_config(const BaseConfigWatch& watch, Inbox<ReadAgain>& wishes, Inbox<Event>& events,
                       const std::stop_token& stop);

}  // namespace promster
