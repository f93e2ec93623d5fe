#include "agent/shown_node.h"

#include <utility>

#include "agent/levels_reader.h"
#include "core/keyspace.h"
#include "prom/target_health.h"

namespace promster {

NodeView shown_node(const Settings& settings, std::vector<ShownSetting> shown,
                    const Published<Snapshot>& snapshot) {
  NodeView view{.snapshot = snapshot,
                .scrape_prefix = settings.scrape.etcd_path,
                .settings = std::move(shown),
                .rules = shown_rules(settings),
                .alerts = shown_alerts(settings)};
  view.ask_health = [](const std::vector<HealthQuestion>& questions) {
    return ask_target_health({}, questions);
  };
  if (!settings.registry.enabled()) return view;
  view.registry_prefix = member_prefix(settings.registry.base, settings.registry.service);
  view.read_levels = levels_reader({.registry = settings.registry, .scrape = settings.scrape.etcd});
  return view;
}

}  // namespace promster
