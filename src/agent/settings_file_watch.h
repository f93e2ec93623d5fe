#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "base/duration.h"

namespace promster {

struct SettingsFileWatch {
  std::string file;       // of --config.file
  Duration every{2'000};  // between two looks
};

// Calls `changed` for every other version of the file that two looks in a row saw: it is read at
// the start only, and who edits it should hear so. Returns when it is told to stop. Any thread.
void watch_settings_file(const SettingsFileWatch& watch, const std::function<void()>& changed,
                         const std::stop_token& stop);

}  // namespace promster
