#include "prom/config_match.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "base/duration.h"
#include "base/text.h"

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
  return differs(path, "Prometheus has " + printable(reported));
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

// Sections that Prometheus never fills in by itself.
Result<void> no_section_added(const YAML::Node& meant, const YAML::Node& reported) {
  for (const char* section :
       {"rule_files", "scrape_configs", "alerting", "remote_write", "remote_read"}) {
    const YAML::Node found = reported[section];
    if (found && !is_zero(found) && !meant[section]) {
      return differs(section, "Prometheus has it, and it was not meant");
    }
  }
  return {};
}

}  // namespace

Result<void> config_matches(std::string_view meant_yaml, std::string_view reported_yaml) {
  try {
    const YAML::Node meant = YAML::Load(std::string(meant_yaml));
    const YAML::Node reported = YAML::Load(std::string(reported_yaml));
    if (!meant.IsMap()) return differs("", "what was meant is no map");
    if (!reported.IsMap()) return differs("", "Prometheus reports no map");
    if (auto same = compare_maps("", meant, reported); !same) return same;
    return no_section_added(meant, reported);
  } catch (const YAML::Exception& exception) {
    return Error{std::string("configuration: ") + printable(exception.what())};
  }
}

}  // namespace promster
