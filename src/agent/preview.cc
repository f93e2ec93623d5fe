#include "agent/preview.h"

#include <chrono>
#include <thread>

#include "agent/advertise.h"
#include "base/inbox.h"
#include "core/keyspace.h"
#include "core/reconciler.h"
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

Result<void> observe(Reconciler& reconciler, const EtcdSettings& etcd, const FollowOptions& options,
                     Duration most) {
  auto listed = list_once(etcd, options, most);
  if (!listed) return listed.error();
  reconciler.observe(*listed, SteadyTime{});
  return {};
}

}  // namespace

Result<Plan> preview(const Settings& settings, Duration most) {
  const auto name = find_node_name(settings);
  if (!name) return name.error();
  // To a disk that has everything the plan is what an agent that was started anew would write.
  Reconciler reconciler(settings, {.name = *name},
                        {.config_present = true, .targets_present = true}, SteadyTime{});
  const RegistrySettings& registry = settings.registry;
  if (registry.enabled()) {
    const auto members = observe(
        reconciler, registry.etcd,
        {.source = Source::kMembers, .prefix = member_prefix(registry.base, registry.service)},
        most);
    if (!members) return members.error();
  }
  const auto targets =
      observe(reconciler, settings.scrape.etcd,
              {.source = Source::kTargets, .prefix = settings.scrape.etcd_path}, most);
  if (!targets) return targets.error();
  return reconciler.step(SteadyTime{} + std::chrono::hours(1));
}

}  // namespace promster
