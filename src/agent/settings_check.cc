#include "agent/settings_check.h"

#include <algorithm>

#include "agent/setting_table.h"
#include "base/text.h"

namespace promster {
namespace {

constexpr Duration kLeastTtl{2'000};    // etcd grants no less with its default election timeout
constexpr Duration kShortTtl{5'000};    // below this a short pause of etcd costs the registration
constexpr std::size_t kMostPath = 256;  // bytes

void require(SettingsDraft& draft, std::string_view name, std::string_view why,
             std::string_view example) {
  if (draft.has(name)) return;
  const SettingSpec& spec = setting(name);
  const std::string variable(spec.environment);
  draft.errors.push_back(variable + " (--" + std::string(name) + ") is not set; " +
                         std::string(why) + "; try: " + variable + "=" + std::string(example));
}

void check_scrape_etcd(SettingsDraft& draft) {
  require(draft, "scrape.etcd-path", "it is the prefix of the targets' keys in etcd",
          "/webservers/generator");
  if (draft.has("registry.etcd-url")) return;
  require(draft, "scrape.etcd-url", "without it and REGISTRY_ETCD_URL there is no etcd to ask",
          "http://etcd:2379");
}

void check_paths(SettingsDraft& draft) {
  for (const std::string& path : draft.settings.scrape.paths) {
    const std::string what = draft.source("scrape.paths") + ": \"" + printable(path) + "\" ";
    if (!path.starts_with('/')) {
      draft.errors.push_back(what + "is no path, which starts with a slash; try: /" +
                             printable(path));
    } else if (!is_utf8(path) || has_control(path) || path.find_first_of(" ?#") != path.npos) {
      draft.errors.push_back(what + "has a character that no path has; try: /metrics");
    }
  }
  if (draft.settings.scrape.paths.empty()) {
    draft.errors.push_back(draft.source("scrape.paths") + ": holds no path; try: /metrics");
  }
}

// A federation endpoint answers 200 with nothing, which looks like targets without metrics.
void check_match(SettingsDraft& draft) {
  const ScrapeSettings& scrape = draft.settings.scrape;
  if (!scrape.match_regex.empty()) return;
  for (const std::string& path : scrape.paths) {
    if (!path.ends_with("/federate")) continue;
    draft.warnings.push_back(draft.source("scrape.paths") + ": \"" + printable(path) +
                             "\" gives nothing without match[], which SCRAPE_MATCH_REGEX "
                             "(--scrape.match-regex) sets; try: SCRAPE_MATCH_REGEX=level1:.*");
  }
}

void check_timeout(SettingsDraft& draft) {
  const ScrapeSettings& scrape = draft.settings.scrape;
  if (scrape.timeout <= scrape.interval) return;
  draft.errors.push_back(draft.source("scrape.timeout") + ": a timeout of " +
                         format_duration(scrape.timeout) + " is longer than the interval of " +
                         format_duration(scrape.interval) + " (" + draft.source("scrape.interval") +
                         "), which Prometheus refuses; try: " + format_duration(scrape.interval));
}

void check_ttl(SettingsDraft& draft) {
  const Duration ttl = draft.settings.registry.ttl;
  const std::string what = draft.source("registry.ttl") + ": " + format_duration(ttl);
  if (ttl < kLeastTtl) {
    draft.errors.push_back(what +
                           " is shorter than any lease of etcd; it must be 2s or more; "
                           "try: 10s");
  } else if (ttl < kShortTtl) {
    draft.warnings.push_back(what +
                             " is short; a pause of etcd or of this machine loses the "
                             "registration; try: 10s");
  }
}

// What may be part of an etcd key and of the path of one.
bool is_key_part(std::string_view text) {
  return text.size() <= kMostPath && text != "." && text != "..";
}

void check_registry(SettingsDraft& draft) {
  const RegistrySettings& registry = draft.settings.registry;
  check_ttl(draft);
  if (draft.has("registry.etcd-url")) {
    require(draft, "registry.service", "nodes find each other by the name of their cluster",
            "prom-level1");
  } else if (draft.has("registry.service")) {
    draft.warnings.push_back(draft.source("registry.service") + " has no effect without " +
                             draft.source("registry.etcd-url") +
                             "; every node scrapes all targets");
  }
  if (!is_key_part(registry.service)) {
    draft.errors.push_back(draft.source("registry.service") +
                           ": is no name of a service (256 bytes at most); try: prom-level1");
  }
  if (!is_key_part(registry.base) || registry.base.find("..") != std::string::npos) {
    draft.errors.push_back(draft.source("registry.etcd-base") +
                           ": is no path of keys (256 bytes at most); try: /registry");
  }
}

// Two settings of which neither works alone.
void check_pair(SettingsDraft& draft, std::string_view first, std::string_view second) {
  const auto missing = [&](std::string_view there, std::string_view absent) {
    if (!draft.has(there) || draft.has(absent)) return;
    const std::string variable(setting(absent).environment);
    draft.errors.push_back(draft.source(there) + " is set and " + variable +
                           " is not; one needs the other; try: " + variable + "=...");
  };
  missing(first, second);
  missing(second, first);
}

void check_credentials(SettingsDraft& draft) {
  check_pair(draft, "etcd.cert-file", "etcd.key-file");
  check_pair(draft, "etcd.username", "etcd.password");
  const auto uses_tls = [](const EtcdSettings& etcd) {
    return std::ranges::any_of(etcd.endpoints,
                               [](const std::string& e) { return e.starts_with("https://"); });
  };
  if (uses_tls(draft.settings.scrape.etcd) || uses_tls(draft.settings.registry.etcd)) return;
  for (const std::string_view name : {"etcd.ca-file", "etcd.cert-file"}) {
    if (!draft.has(name)) continue;
    draft.warnings.push_back(draft.source(name) +
                             " has no effect: no endpoint of etcd starts with https://");
  }
}

// The ring of the original knows one owner a target, and its own kind of key.
void check_shard(SettingsDraft& draft) {
  if (draft.settings.shard.algorithm != ShardAlgorithm::kLegacy) return;
  for (const std::string_view name : {"shard.slack", "shard.replicas", "shard.key"}) {
    if (!draft.has(name)) continue;
    draft.warnings.push_back(draft.source(name) + " has no effect: the legacy ring (" +
                             draft.source("shard.algorithm") + ") knows nothing like it");
  }
}

}  // namespace

std::string SettingsDraft::source(std::string_view name) const {
  const auto found = given.find(name);
  return found == given.end() ? std::string(setting(name).environment) : found->second.source;
}

void complete_settings(SettingsDraft& draft) {
  Settings& settings = draft.settings;
  if (!draft.has("scrape.etcd-url"))
    settings.scrape.etcd.endpoints = settings.registry.etcd.endpoints;
  if (!draft.has("scrape.timeout")) {
    settings.scrape.timeout = std::min(settings.scrape.timeout, settings.scrape.interval);
  }
  if (settings.prometheus.data_dir.empty()) {
    settings.prometheus.data_dir = settings.prometheus.config_dir + "/data";
  }
  std::vector<std::string> paths;
  for (const std::string& path : settings.scrape.paths) {
    const bool twice = std::ranges::find(paths, path) != paths.end();
    if (!twice && !path.empty()) {
      paths.push_back(path);
      continue;
    }
    draft.warnings.push_back(draft.source("scrape.paths") +
                             (twice ? ": \"" + printable(path) + "\" is there twice; one is used"
                                    : std::string(": an empty path is left out")));
  }
  settings.scrape.paths = std::move(paths);
}

void check_settings(SettingsDraft& draft) {
  check_scrape_etcd(draft);
  check_paths(draft);
  check_match(draft);
  check_timeout(draft);
  check_registry(draft);
  check_credentials(draft);
  check_shard(draft);
}

}  // namespace promster
