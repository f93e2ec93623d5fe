#include "agent/settings_file_watch.h"

#include <utility>

#include "agent/base_config_file.h"
#include "etcd/retry_pause.h"

namespace promster {

void watch_settings_file(const SettingsFileWatch& watch, const std::function<void()>& changed,
                         const std::stop_token& stop) {
  std::string told = stamp_of_files({watch.file}), before = told;
  while (!stop.stop_requested()) {
    pause_for(watch.every, stop);
    const std::string now = stamp_of_files({watch.file});
    const bool settled = now == std::exchange(before, now);
    if (settled && now != told && !stop.stop_requested()) {
      told = now;
      changed();
    }
  }
}

}  // namespace promster
