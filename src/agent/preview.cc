#include "agent/preview.h"

#include <chrono>

#include "agent/advertise.h"
#include "agent/listing.h"
#include "core/reconciler.h"

namespace promster {

Result<Plan> preview(const Settings& given, Duration most) {
  const auto name = find_node_name(given);
  if (!name) return name.error();
  Settings settings = given;
  settings.registry.advertise_address = *name;
  // To a disk that has everything the plan is what an agent that was started anew would write.
  Reconciler reconciler(settings, {.name = *name},
                        {.config_present = true, .targets_present = true}, SteadyTime{});
  if (settings.registry.enabled()) {
    const auto members = list_members(settings.registry, most);
    if (!members) return members.error();
    reconciler.observe(*members, SteadyTime{});
  }
  const auto targets = list_targets(settings.scrape, most);
  if (!targets) return targets.error();
  reconciler.observe(*targets, SteadyTime{});
  return reconciler.step(SteadyTime{} + std::chrono::hours(1));
}

}  // namespace promster
