#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "base/inbox.h"
#include "core/event.h"
#include "etcd/etcd.h"

namespace promster {

struct FollowOptions {
  Source source = Source::kTargets;
  std::string prefix;
  Duration ttl{10'000};            // of our lease: bounds the pause between two tries
  std::int64_t page = 5'000;       // keys of one answer; fewer where they do not fit in it
  Duration believe_after{10'000};  // how long a loss of data must be told of to be believed
  Duration audit_every{60'000};    // give or take a fifth
  Duration audit_again{1'000};     // after an audit that differed
  std::uint64_t seed = 0;
};

// Follows all keys with a prefix, until a stop is asked for: lists them (Listed), watches from the
// next revision on (SourceWatched), and tells of every change once and in order (Changed). What
// breaks is told (SourceLost) and mended: a watch that was cut goes on where it ended, one whose
// history was compacted lists again.
//
// etcd answers with a lower revision than before where a member is behind, or where its data was
// lost; a watch would then say nothing for ever. So the prefix is listed again and again, and the
// lower revision, or another cluster, is believed once three listings over `believe_after` agreed
// on it.
//
// Some servers lose events. So from time to time an audit compares the number of keys and the
// newest of them with what was told; what differs twice, `audit_again` apart, though nothing was on
// its way, is listed again (SourceLost with the code "audit"). The same is asked of the past when a
// watch goes on, since data that was lost and put again may have a higher revision than before.
//
// Blocks; to be run in a thread of its own. `etcd` is used by this thread only.
void follow_prefix(Etcd& etcd, const FollowOptions& options, Inbox<Event>& events,
                   std::stop_token stop);

}  // namespace promster
