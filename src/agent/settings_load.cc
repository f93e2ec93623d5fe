#include "agent/settings_load.h"

#include <algorithm>

#include "agent/setting_table.h"
#include "agent/settings_base.h"
#include "agent/settings_check.h"
#include "agent/settings_draft.h"
#include "agent/settings_environment.h"
#include "agent/settings_values.h"
#include "base/text.h"
#include "core/mask_url.h"
#include "core/settings_file.h"

namespace promster {
namespace {

constexpr const char* kSystemDir = "/var/lib/promster";
constexpr const char* kOwnDir = "./promster";

void take_flags(const SettingSources& sources, SettingsDraft& draft) {
  for (const GivenFlag& flag : sources.flags) {
    if (flag.value.empty()) continue;
    GivenSetting& known = draft.given[flag.name];
    // The same spelling again replaces it, as in Go; another spelling that says otherwise is a
    // slip.
    if (!known.source.empty() && known.source != flag.spelling && known.value != flag.value) {
      const bool secret = setting(flag.name).secret;
      draft.errors.push_back(known.source + "=" + (secret ? "..." : printable(known.value)) +
                             " and " + flag.spelling + "=" +
                             (secret ? "..." : printable(flag.value)) +
                             " are one setting and disagree; try: give only --" + flag.name);
    }
    known = {flag.value, flag.spelling};
  }
}

void take_environment(const SettingSources& sources, SettingsDraft& draft) {
  for (const SettingSpec& spec : setting_table()) {
    const auto found = sources.environment.find(std::string(spec.environment));
    if (found == sources.environment.end() || found->second.empty()) continue;
    draft.given.try_emplace(std::string(spec.name),
                            GivenSetting{found->second, std::string(spec.environment)});
  }
}

std::string unknown_in_file(const std::string& name) {
  std::vector<std::string> names;
  for (const SettingSpec& spec : setting_table()) names.emplace_back(spec.name);
  const SettingSpec* by_alias = find_setting(name);
  const auto meant =
      by_alias != nullptr ? std::optional(std::string(by_alias->name)) : did_you_mean(name, names);
  return printable(name) + " is no setting" + (meant ? "; did you mean " + *meant + "?" : "");
}

std::string text_of(const SettingsFileValue& value, const SettingSpec& spec) {
  if (!value.list) return value.items.front();
  if (spec.name == "prometheus.extra-args") return join_words(value.items);
  std::string text;
  for (const std::string& item : value.items) text += (text.empty() ? "" : ",") + item;
  return text;
}

void take_file(const SettingSources& sources, SettingsDraft& draft) {
  const auto file = draft.given.find("config.file");
  if (file == draft.given.end()) return;
  const std::string path = file->second.value;
  const auto content = sources.read(path);
  if (!content) {
    draft.errors.push_back(file->second.source + ": " + content.error().message +
                           "; try: the path of a file that can be read");
    return;
  }
  const SettingsFile parsed = parse_settings_file(*content);
  for (const std::string& error : parsed.errors) draft.errors.push_back(path + ": " + error);
  for (const auto& [name, value] : parsed.values) {
    const SettingSpec* spec = find_setting(name);
    if (spec == nullptr || spec->name != name || name == "config.file") {
      draft.errors.push_back(path + ": " + unknown_in_file(name));
    } else {
      draft.given.try_emplace(name, GivenSetting{text_of(value, *spec), name + " in " + path});
    }
  }
}

// A setting that is a secret may stand in a file of its own, as Docker's and Kubernetes' secrets
// do. `what`: "password".
void take_secret(std::string_view name, const std::string& what, const SettingSources& sources,
                 SettingsDraft& draft) {
  const auto file = draft.given.find(std::string(name) + "-file");
  if (file == draft.given.end()) return;
  const auto content = sources.read(file->second.value);
  if (!content) {
    draft.errors.push_back(file->second.source + ": " + content.error().message +
                           "; try: the path of a file that can be read");
    return;
  }
  const std::string secret(trim(*content));
  if (secret.empty()) {
    draft.errors.push_back(file->second.source + ": " + printable(file->second.value) +
                           " holds no " + what + "; try: a file with the " + what + " on one line");
    return;
  }
  const auto [other, is_new] =
      draft.given.try_emplace(std::string(name), GivenSetting{secret, file->second.source, true});
  if (is_new || other->second.value == secret) return;
  draft.errors.push_back(other->second.source + " and " + file->second.source +
                         " are one setting and disagree; try: give only " + file->second.source);
}

void read_values(SettingsDraft& draft) {
  for (const SettingSpec& spec : setting_table()) {
    const auto found = draft.given.find(spec.name);
    const bool is_given = found != draft.given.end();
    if (!is_given && spec.fallback.empty()) continue;
    const auto read = spec.read(is_given ? found->second.value : spec.fallback, draft.settings);
    if (read) continue;
    const bool quoted = !is_given || !found->second.secret;
    draft.errors.push_back(
        draft.source(spec.name) + ": " +
        (quoted ? read.error().message
                : "what that file holds is refused, and not shown; try: the value of " +
                      std::string(spec.name) + " alone, on one line"));
  }
}

void choose_config_dir(const SettingSources& sources, SettingsDraft& draft) {
  if (draft.has("prometheus.config-dir")) return;
  draft.settings.prometheus.config_dir = sources.can_write(kSystemDir) ? kSystemDir : kOwnDir;
}

void check_files(const SettingSources& sources, SettingsDraft& draft) {
  for (const std::string_view name : {"etcd.ca-file", "etcd.cert-file", "etcd.key-file"}) {
    const auto found = draft.given.find(name);
    if (found == draft.given.end()) continue;
    const auto content = sources.read(found->second.value);
    if (content) continue;
    draft.errors.push_back(found->second.source + ": " + content.error().message +
                           "; try: the path of a PEM file that can be read");
  }
}

void read_rules(const SettingSources& sources, SettingsDraft& draft) {
  RecordingRules read = recording_rules_from(sources.environment);
  draft.settings.rules = std::move(read.rules);
  std::ranges::move(read.errors, std::back_inserter(draft.errors));
  std::ranges::move(read.warnings, std::back_inserter(draft.warnings));
  AlertRules alerts = alert_rules_from(sources.environment);
  draft.settings.alerts = std::move(alerts.rules);
  std::ranges::move(alerts.errors, std::back_inserter(draft.errors));
  std::ranges::move(alerts.warnings, std::back_inserter(draft.warnings));
  std::ranges::move(unknown_variables(sources.environment), std::back_inserter(draft.warnings));
}

std::string join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
  return text;
}

// What a setting that nobody gave turned out to be, and from what.
Provenance found_out(const SettingSpec& spec, const SettingsDraft& draft) {
  const Settings& settings = draft.settings;
  const std::string name(spec.name), fallback(spec.fallback);
  if (name == "scrape.etcd-url" && draft.has("registry.etcd-url")) {
    return {name, join(settings.scrape.etcd.endpoints), "derived from registry.etcd-url"};
  }
  const auto base = draft.from_base.find(name);
  const std::string timeout = format_duration(settings.scrape.timeout);
  if (base != draft.from_base.end() &&
      (name != "scrape.timeout" || timeout == base->second.value)) {
    return {name, base->second.value, base->second.source};
  }
  if (name == "scrape.timeout" && timeout != fallback) {
    return {name, timeout, "derived from scrape.interval"};
  }
  const std::string& config_dir = settings.prometheus.config_dir;
  if (name == "prometheus.config-dir") {
    const bool system = config_dir == kSystemDir;
    return {name, config_dir,
            system ? "default" : "derived: " + std::string(kSystemDir) + " cannot be written"};
  }
  if (name == "prometheus.data-dir") {
    return {name, settings.prometheus.data_dir, "derived from prometheus.config-dir"};
  }
  return {name, fallback, "default"};
}

std::vector<Provenance> provenance_of(const SettingsDraft& draft) {
  std::vector<Provenance> all;
  for (const SettingSpec& spec : setting_table()) {
    const auto found = draft.given.find(spec.name);
    if (found == draft.given.end()) {
      all.push_back(found_out(spec, draft));
    } else {
      all.push_back(
          {std::string(spec.name),
           spec.secret || found->second.secret ? "********" : mask_urls(found->second.value),
           found->second.source});
    }
  }
  return all;
}

}  // namespace

LoadedSettings load_settings(const SettingSources& sources) {
  SettingsDraft draft;
  take_flags(sources, draft);
  take_environment(sources, draft);
  take_file(sources, draft);
  take_secret("etcd.password", "password", sources, draft);
  take_secret("prometheus.remote-write-url", "URL", sources, draft);
  read_values(draft);
  choose_config_dir(sources, draft);
  take_base_config(sources, draft);
  complete_settings(draft);
  check_settings(draft);
  check_files(sources, draft);
  read_rules(sources, draft);
  check_base_config(draft);
  return {.settings = draft.settings,
          .provenance = provenance_of(draft),
          .config_dir_writable = sources.can_write(draft.settings.prometheus.config_dir),
          .warnings = std::move(draft.warnings),
          .errors = std::move(draft.errors)};
}

}  // namespace promster
