#include "agent/listing.h"

#include <chrono>
#include <thread>

#include "base/inbox.h"
#include "core/keyspace.h"
#include "etcd/client.h"
#include "etcd/follower.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

// The first listing of a prefix. It ends as soon as there is one, or with the reason why there was
// none, whichever endpoint it was that said so last.
Result<Listed> list_once(const EtcdSettings& etcd, const FollowOptions& options, Duration most) {
  Inbox<Event> events;
  std::jthread follower([&](const std::stop_token& stop) {
    follow_prefix(*make_etcd_client({.settings = etcd, .stop = stop}), options, events, stop);
  });
  std::string reason = "no answer within " + format_duration(most);
  const SteadyTime deadline = steady_clock::now() + most;
  while (steady_clock::now() < deadline) {
    for (Event& event : events.wait_until(deadline)) {
      if (auto* listed = std::get_if<Listed>(&event)) return std::move(*listed);
      if (const auto* lost = std::get_if<SourceLost>(&event)) reason = lost->reason;
    }
  }
  return Error{"list " + options.prefix + ": " + reason};
}

}  // namespace

Result<Listed> list_members(const RegistrySettings& settings, Duration most) {
  return list_once(
      settings.etcd,
      {.source = Source::kMembers, .prefix = member_prefix(settings.base, settings.service)}, most);
}

Result<Listed> list_targets(const ScrapeSettings& settings, Duration most) {
  return list_once(settings.etcd, {.source = Source::kTargets, .prefix = settings.etcd_path}, most);
}

}  // namespace promster
