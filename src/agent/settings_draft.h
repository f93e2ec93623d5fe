#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/settings.h"

namespace promster {

// What a user gave for one setting, and where.
struct GivenSetting {
  std::string value;
  std::string source;   // "--scrape-interval", "SCRAPE_INTERVAL", "scrape.interval in promster.yml"
  bool secret = false;  // it came in a file of its own, and is never shown
};

// Settings on their way: read one by one, and not yet held against each other.
struct SettingsDraft {
  Settings settings;
  std::map<std::string, GivenSetting, std::less<>> given;  // by name of the setting
  // What nobody gave and the site's own configuration says.
  std::map<std::string, GivenSetting, std::less<>> from_base;
  std::vector<std::string> warnings;
  std::vector<std::string> errors;

  bool has(std::string_view name) const { return given.contains(name); }

  // Where it was given; where it was not, how it could be: its variable.
  std::string source(std::string_view name) const;
};

}  // namespace promster
