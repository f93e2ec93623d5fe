#include "agent/settings_base.h"

#include <utility>

#include "agent/base_config_file.h"
#include "core/render.h"

namespace promster {
namespace {

constexpr const char* kName = "prometheus.base-config";

void adopt(SettingsDraft& draft, const char* name, const char* global,
           const std::optional<Duration>& theirs, Duration& ours) {
  if (draft.has(name)) return;
  draft.settings.prometheus.base_intervals.emplace_back(global);
  if (!theirs) return;
  ours = *theirs;
  draft.from_base[name] = {format_duration(*theirs), std::string("global.") + global + " in " +
                                                         draft.settings.prometheus.base.file};
}

}  // namespace

void take_base_config(const SettingSources& sources, SettingsDraft& draft) {
  if (!draft.has(kName)) return;
  auto base = load_base_config(draft.settings.prometheus.base.file, sources.read);
  if (!base) {
    draft.errors.push_back(draft.source(kName) + ": " + base.error().message);
    draft.settings.prometheus.base = {};
    return;
  }
  draft.settings.prometheus.base = *std::move(base);
  const auto facts = read_base_config(draft.settings.prometheus.base);
  if (!facts) return;
  ScrapeSettings& scrape = draft.settings.scrape;
  adopt(draft, "scrape.interval", "scrape_interval", facts->scrape_interval, scrape.interval);
  adopt(draft, "scrape.timeout", "scrape_timeout", facts->scrape_timeout, scrape.timeout);
  adopt(draft, "rules.evaluation-interval", "evaluation_interval", facts->evaluation_interval,
        draft.settings.evaluation_interval);
}

void check_base_config(SettingsDraft& draft) {
  const BaseConfig& base = draft.settings.prometheus.base;
  if (!base.given() || !draft.errors.empty()) return;
  const ApplyConfig config = render_config(draft.settings, base);
  if (!config.fault.empty()) draft.errors.push_back(draft.source(kName) + ": " + config.fault);
}

}  // namespace promster
