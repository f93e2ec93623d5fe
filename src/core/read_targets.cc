#include "core/read_targets.h"

#include <nlohmann/json.hpp>

namespace promster {

using nlohmann::json;

std::vector<Target> read_targets_json(std::string_view text) {
  std::vector<Target> targets;
  const json groups = json::parse(text, nullptr, false);
  if (!groups.is_array()) return targets;
  for (const json& group : groups) {
    if (!group.is_object() || !group.value("targets", json()).is_array()) continue;
    Labels labels;
    const json names = group.value("labels", json::object());
    for (const auto& [name, value] : names.items()) {
      if (value.is_string()) labels.set(name, value.get<std::string>());
    }
    for (const json& address : group["targets"]) {
      if (address.is_string()) targets.push_back({.address = address, .labels = labels});
    }
  }
  return targets;
}

}  // namespace promster
