#include "agent/first_config.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "agent/advertise.h"
#include "base/file.h"
#include "core/render.h"
#include "core/validate.h"
#include "prom/config_lock.h"
#include "prom/config_store.h"
#include "prom/promtool.h"

namespace promster {
namespace {

// By whom and why; nullopt where nobody has anything against it.
Result<std::optional<std::string>> refusal_of(const ApplyConfig& config, Promtool& promtool) {
  if (!config.fault.empty()) return std::optional("promster: " + config.fault);
  if (const auto valid = validate_config(config); !valid) {
    return std::optional("promster: " + valid.error().message);
  }
  const auto verdict = promtool.check(config);
  if (!verdict) return verdict.error();
  if (verdict->kind != PromtoolVerdict::Kind::kRefuses) return std::optional<std::string>();
  return std::optional("promtool: " + promtool.words_on_base(config).value_or(verdict->words));
}

// Where Prometheus can start with what is on the disk.
bool disk_will_do(const std::string& dir, const ApplyConfig& refused, Promtool& promtool) {
  const auto yml = read_file(dir + "/" + std::string(kPrometheusFile));
  const auto rules = read_file(dir + "/" + std::string(kRulesFile));
  if (!yml || !rules) return false;
  if (*yml == refused.prometheus_yml && *rules == refused.rules_yml) return false;
  const auto verdict = promtool.check({.prometheus_yml = *yml, .rules_yml = *rules});
  return verdict && verdict->kind != PromtoolVerdict::Kind::kRefuses;
}

bool all_there(const std::string& dir) {
  const std::array names{kTargetsFile, kRulesFile, kPrometheusFile};
  return std::ranges::all_of(names, [&dir](std::string_view name) {
    return ::access((dir + "/" + std::string(name)).c_str(), F_OK) == 0;
  });
}

void note(const std::vector<std::string>& written, FirstConfig& first) {
  for (const std::string& name : written) {
    const bool known = std::ranges::find(first.written, name) != first.written.end();
    if (!known) first.written.push_back(name);
  }
}

Result<void> put(const ApplyConfig& config, ConfigStore& store, FirstConfig& first) {
  const auto written = store.put(config);
  if (!written) return written.error();
  note(*written, first);
  return {};
}

Result<void> put_another(const ApplyConfig& refused, const Settings& settings, ConfigStore& store,
                         Promtool& promtool, FirstConfig& first) {
  const std::string& dir = settings.prometheus.config_dir;
  if (disk_will_do(dir, refused, promtool)) {
    first.instead = "what is in " + dir + " stays";
    return {};
  }
  const auto back = store.go_back_from(refused);
  if (!back) return back.error();
  if (*back) note((*back)->changed, first);
  if (*back && disk_will_do(dir, refused, promtool)) {
    first.instead = "the last one that Prometheus accepted is put back";
    return {};
  }
  first.instead = "one without rules and without what the site adds is written";
  return put(render_bare_config(settings), store, first);
}

}  // namespace

Result<FirstConfig> write_first_config(const Settings& given) {
  const auto name = find_node_name(given);
  if (!name) return name.error();
  Settings settings = given;
  settings.registry.advertise_address = *name;
  const std::string& dir = settings.prometheus.config_dir;
  const auto lock = ConfigLock::take(dir);
  if (!lock) {
    if (!all_there(dir)) return lock.error();
    return FirstConfig{.written = {}, .refusal = {}, .instead = {}, .left_alone = true};
  }
  ConfigStore store(dir);
  FirstConfig first;
  // prometheus.yml comes last: where it is there, all of it is.
  const std::string targets = dir + "/" + std::string(kTargetsFile);
  if (::access(targets.c_str(), F_OK) != 0) {
    const auto none = store.put_targets(render_targets_json({}));
    if (!none) return none.error();
    if (*none) note({std::string(kTargetsFile)}, first);
  }
  Promtool promtool({.config_dir = dir});
  const ApplyConfig config = render_config(settings, settings.prometheus.base);
  const auto refusal = refusal_of(config, promtool);
  if (!refusal) return refusal.error();
  first.refusal = refusal->value_or("");
  const auto done =
      *refusal ? put_another(config, settings, store, promtool, first) : put(config, store, first);
  if (!done) return done.error();
  return first;
}

}  // namespace promster
