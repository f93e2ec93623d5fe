#include "core/settings_file.h"

#include <yaml-cpp/yaml.h>

#include "base/text.h"

namespace promster {
namespace {

void read_node(const YAML::Node& node, const std::string& name, SettingsFile& file);

void read_map(const YAML::Node& node, const std::string& name, SettingsFile& file) {
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      file.errors.push_back("a name of a setting is no text; try: scrape.interval: 5s");
      continue;
    }
    const std::string key = entry.first.Scalar();
    read_node(entry.second, name.empty() ? key : name + "." + key, file);
  }
}

// What a scalar or a list of scalars says; no items where it is empty.
bool read_items(const YAML::Node& node, SettingsFileValue& value) {
  value.list = node.IsSequence();
  if (node.IsNull()) return true;
  if (node.IsScalar()) {
    if (!node.Scalar().empty()) value.items.push_back(node.Scalar());
    return true;
  }
  for (const YAML::Node& item : node) {
    if (!item.IsScalar()) return false;
    value.items.push_back(item.Scalar());
  }
  return true;
}

void read_node(const YAML::Node& node, const std::string& name, SettingsFile& file) {
  if (node.IsMap()) return read_map(node, name, file);
  SettingsFileValue value;
  if (!read_items(node, value)) {
    file.errors.push_back(printable(name) + " is neither a text nor a list of texts");
  } else if (file.values.contains(name)) {
    file.errors.push_back(printable(name) + " is said twice; try: keep one");
  } else if (!value.items.empty()) {
    file.values.emplace(name, std::move(value));
  }
}

}  // namespace

SettingsFile parse_settings_file(std::string_view yaml) {
  SettingsFile file;
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    if (root.IsMap()) {
      read_map(root, "", file);
    } else if (!root.IsNull()) {
      file.errors.push_back("holds no settings by name; try: scrape.interval: 5s");
    }
  } catch (const YAML::Exception& failure) {
    file.errors.push_back("is no YAML: " + printable(failure.what()));
  }
  return file;
}

}  // namespace promster
