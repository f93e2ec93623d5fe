#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/history.h"
#include "core/plan.h"
#include "core/snapshot.h"

namespace promster {

// What our files hold on disk, as far as we know, and what of it Prometheus was seen to run; writes
// down how each try to change its configuration ended.
//
// Thread rule: one thread (part of the reconciler).
class WrittenFiles {
 public:
  // Of a former run; empty: there is no such file.
  struct Former {
    std::string prometheus_yml, rules_yml, targets_json;
  };
  static constexpr std::size_t kMostDiff = 64 << 10;

  explicit WrittenFiles(Former former);

  // `tried` ended so. Returns what is to be remembered of it: nothing where nothing was there to
  // do, or where it is what was said the last time.
  std::optional<ReloadRecord> config_tried(const ApplyConfig& tried, const ConfigOutcome& outcome,
                                           double unix_now);
  // The target file holds this; `changed`: other bytes than before.
  void targets_written(std::shared_ptr<const std::string> json, bool changed, double unix_now);

  // prometheus.yml (its secrets masked: core/mask_secrets.h), rules.yml, sd/targets.json.
  const std::vector<ShownFile>& shown() const { return shown_; }

 private:
  void show_config(const ApplyConfig& config, const ConfigOutcome& outcome, double unix_now);

  ApplyConfig in_use_;  // by Prometheus; at the start, what is on disk
  std::vector<ShownFile> shown_;
  ReloadRecord last_;
};

// Both files as they are shown, as `diff -u` names them; empty where both are the same.
std::string config_diff(const ApplyConfig& before, const ApplyConfig& after);

}  // namespace promster
