#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "core/json_text.h"
#include "core/render.h"

namespace promster {
namespace {

using Groups = std::map<Labels, std::vector<std::string_view>>;

Groups group_by_labels(std::span<const Target* const> targets) {
  Groups groups;
  auto last = groups.end();
  for (const Target* target : targets) {
    // Neighbours nearly always share their labels, and comparing is cheaper than finding.
    if (last == groups.end() || last->first != target->labels) {
      last = groups.try_emplace(target->labels).first;
    }
    last->second.push_back(target->address);
  }
  for (auto& [labels, addresses] : groups) {
    std::ranges::sort(addresses);
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  }
  return groups;
}

void append_labels(std::string& out, const Labels& labels) {
  std::string_view separator;
  for (const auto& [name, value] : labels.pairs()) {
    out += separator;
    out += json_quote(name) + ": " + json_quote(value);
    separator = ", ";
  }
}

void append_group(std::string& out, const Labels& labels,
                  std::span<const std::string_view> addresses) {
  out += "  {\"labels\": {";
  append_labels(out, labels);
  out += "}, \"targets\": [";
  std::string_view separator = "\n    ";
  for (const std::string_view address : addresses) {
    out += separator;
    out += json_quote(address);
    separator = ",\n    ";
  }
  out += "]}";
}

}  // namespace

std::string render_targets_json(std::span<const Target* const> targets) {
  Groups groups = group_by_labels(targets);
  if (groups.empty()) groups.try_emplace(Labels{});
  std::string out = "[\n";
  std::string_view separator;
  for (const auto& [labels, addresses] : groups) {
    out += separator;
    append_group(out, labels, addresses);
    separator = ",\n";
  }
  return out + "\n]\n";
}

}  // namespace promster
