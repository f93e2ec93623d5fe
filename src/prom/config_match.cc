#include "prom/config_match.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "base/duration.h"
#include "base/text.h"
#include "core/mask_url.h"
#include "core/yaml_tree.h"

namespace promster {
namespace {

// The whole is walked with a path such as "scrape_configs[1].params" for the error.
Result<void> compare(const std::string& path, const YAML::Node& meant, const YAML::Node& reported);

Error differs(const std::string& path, const std::string& what) {
  return Error{(path.empty() ? "configuration" : path) + ": " + what};
}

// What Prometheus leaves out of its report: nothing, zero, false, and collections of such.
bool is_zero(const YAML::Node& node) {
  constexpr std::array<std::string_view, 6> kZeros{"", "~", "null", "false", "0", "0s"};
  const auto zero_value = [](const auto& pair) { return is_zero(pair.second); };
  if (node.IsScalar()) return std::ranges::find(kZeros, node.Scalar()) != kZeros.end();
  if (node.IsMap()) return std::all_of(node.begin(), node.end(), zero_value);
  return node.IsNull() || (node.IsSequence() && node.size() == 0);
}

// Durations and numbers have several forms; Prometheus reports one of them.
bool same_value(const std::string& meant, const std::string& reported) {
  const auto meant_duration = parse_duration(meant);
  const auto reported_duration = parse_duration(reported);
  if (meant_duration && reported_duration) return *meant_duration == *reported_duration;
  const YAML::Node first(meant), second(reported);
  bool meant_bool = false, reported_bool = false;
  if (YAML::convert<bool>::decode(first, meant_bool) &&
      YAML::convert<bool>::decode(second, reported_bool)) {
    return meant_bool == reported_bool;
  }
  double meant_number = 0, reported_number = 0;
  return YAML::convert<double>::decode(first, meant_number) &&
         YAML::convert<double>::decode(second, reported_number) && meant_number == reported_number;
}

// Prometheus resolves a relative path against a directory that may have another name for it than
// for us (a container), so only the end can be compared.
bool same_path(const std::string& meant, const std::string& reported) {
  const std::string normal = std::filesystem::path(meant).lexically_normal().string();
  return reported == normal || (!normal.starts_with('/') && reported.ends_with("/" + normal));
}

bool is_masked(const std::string& reported) {
  return reported == "<secret>" || reported.find(":xxxxx@") != std::string::npos;
}

// Settings whose value is a path, and lists of such.
bool names_a_path(const std::string& path) {
  const std::string key = path.substr(path.rfind('.') + 1);
  const std::string name = key.substr(0, key.find('['));
  return name == "rule_files" || name == "files" || name == "scrape_config_files" ||
         name.ends_with("_file");
}

Result<void> compare_scalars(const std::string& path, const std::string& meant,
                             const std::string& reported) {
  const bool same = meant == reported || is_masked(reported) || same_value(meant, reported) ||
                    (names_a_path(path) && same_path(meant, reported)) ||
                    // "10MB" is reported as "10MiB", and other sizes as sums.
                    path.ends_with(".body_size_limit");
  if (same) return {};
  return differs(path, "Prometheus has " + printable(mask_urls(reported)));
}

Result<void> compare_lists(const std::string& path, const YAML::Node& meant,
                           const YAML::Node& reported) {
  if (meant.size() != reported.size()) {
    return differs(path, "Prometheus has " + std::to_string(reported.size()) + " entries, not " +
                             std::to_string(meant.size()));
  }
  for (std::size_t i = 0; i < meant.size(); ++i) {
    auto same = compare(path + "[" + std::to_string(i) + "]", meant[i], reported[i]);
    if (!same) return same;
  }
  return {};
}

// What Prometheus moves to `authorization` and shows there alone (common/config, HTTPClientConfig).
bool is_moved(const std::string& key) {
  return key == "bearer_token" || key == "bearer_token_file";
}

Result<void> compare_maps(const std::string& path, const YAML::Node& meant,
                          const YAML::Node& reported) {
  for (const auto& pair : meant) {
    const std::string& key = pair.first.Scalar();
    const std::string inner = path.empty() ? key : path + "." + key;
    const YAML::Node found = reported[key];
    if (!found && is_moved(key) && reported["authorization"]) continue;
    if (!found && !is_zero(pair.second)) return differs(inner, "Prometheus does not have it");
    if (!found) continue;
    if (auto same = compare(inner, pair.second, found); !same) return same;
  }
  return {};
}

Result<void> compare(const std::string& path, const YAML::Node& meant, const YAML::Node& reported) {
  if (is_zero(meant) && is_zero(reported)) return {};
  if (meant.Type() != reported.Type()) return differs(path, "Prometheus has another kind of value");
  if (meant.IsMap()) return compare_maps(path, meant, reported);
  if (meant.IsSequence()) return compare_lists(path, meant, reported);
  return compare_scalars(path, meant.Scalar(), reported.Scalar());
}

// What a map has under a key; null where it is no map, or has none.
YAML::Node at(const YAML::Node& map, const std::string& key) {
  const YAML::Node found = map.IsMap() ? map[key] : YAML::Node();
  return found ? found : YAML::Node();
}

// Of `global` what is ours: the intervals, and the external labels that the site does not have so.
// Prometheus may be told to replace what has a `$` (its feature expand-external-labels).
YAML::Node ours_of_global(const YAML::Node& meant, const YAML::Node& base) {
  YAML::Node ours(YAML::NodeType::Map);
  for (const char* key : {"scrape_interval", "scrape_timeout", "evaluation_interval"}) {
    if (const YAML::Node value = at(meant, key); !value.IsNull()) ours[key] = value;
  }
  const YAML::Node theirs = at(base, "external_labels");
  for (const auto& pair : at(meant, "external_labels")) {
    const std::string& name = pair.first.Scalar();
    const std::string& value = pair.second.Scalar();
    const bool same = at(theirs, name).IsScalar() && at(theirs, name).Scalar() == value;
    if (!same && value.find('$') == value.npos) ours["external_labels"][name] = pair.second;
  }
  return ours;
}

// Lists that Prometheus never adds to, nor leaves an entry out of.
struct List {
  std::string section, inner;  // "alerting", "alertmanagers"; none inside: the section itself

  std::string path() const { return inner.empty() ? section : section + "." + inner; }
  YAML::Node of(const YAML::Node& config) const {
    return inner.empty() ? at(config, section) : at(at(config, section), inner);
  }
};

// Of an entry of the site's what Prometheus reports as it is written, or in the form of a duration:
// enough to tell an older version of the site's file.
YAML::Node what_has_one_form(const YAML::Node& entry) {
  YAML::Node known(YAML::NodeType::Map);
  for (const char* key : {"job_name", "scrape_interval", "scrape_timeout", "metrics_path"}) {
    if (const YAML::Node value = at(entry, key); !is_zero(value)) known[key] = value;
  }
  for (const YAML::Node& group : at(entry, "static_configs")) {
    YAML::Node targets(YAML::NodeType::Map);
    targets["targets"] = at(group, "targets");
    known["static_configs"].push_back(targets);
  }
  return known;
}

// The site's entries come first (core/base_config.h), ours after them.
Result<void> compare_list(const List& list, const YAML::Node& meant, const YAML::Node& base,
                          const YAML::Node& reported) {
  const YAML::Node wanted = list.of(meant), found = list.of(reported);
  if (wanted.size() == 0 && found.size() != 0) {
    return differs(list.path(), "Prometheus has it, and it was not meant");
  }
  if (wanted.size() != found.size()) {
    return differs(list.path(), "Prometheus has " + std::to_string(found.size()) +
                                    " entries, not " + std::to_string(wanted.size()));
  }
  const std::size_t theirs = list.of(base).size();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string path = list.path() + "[" + std::to_string(i) + "]";
    auto same = i >= theirs ? compare(path, wanted[i], found[i])
                            : compare_maps(path, what_has_one_form(wanted[i]), found[i]);
    if (!same) return same;
  }
  return {};
}

Result<void> compare_all(const YAML::Node& meant, const YAML::Node& base,
                         const YAML::Node& reported) {
  const YAML::Node global = ours_of_global(at(meant, "global"), at(base, "global"));
  if (auto same = compare("global", global, at(reported, "global")); !same) return same;
  for (const List& list :
       {List{"rule_files", ""}, List{"scrape_configs", ""}, List{"alerting", "alertmanagers"},
        List{"remote_write", ""}, List{"remote_read", ""}}) {
    if (auto same = compare_list(list, meant, base, reported); !same) return same;
  }
  return {};
}

}  // namespace

Result<void> config_matches(std::string_view meant_yaml, std::string_view base_yaml,
                            std::string_view reported_yaml) {
  const auto base_tree = read_yaml(base_yaml);  // yaml-cpp alone knows no merge keys
  if (!base_tree) return base_tree.error().within("base configuration");
  try {
    const YAML::Node meant = YAML::Load(std::string(meant_yaml));
    const YAML::Node base = YAML::Load(write_yaml(*base_tree));
    const YAML::Node reported = YAML::Load(std::string(reported_yaml));
    if (!meant.IsMap()) return differs("", "what was meant is no map");
    if (!reported.IsMap()) return differs("", "Prometheus reports no map");
    return compare_all(meant, base, reported);
  } catch (const YAML::Exception& exception) {
    return Error{std::string("configuration: ") + printable(exception.what())};
  }
}

}  // namespace promster
