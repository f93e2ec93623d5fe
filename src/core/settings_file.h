#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace promster {

// A value in a file of settings: one text, or a list of them.
struct SettingsFileValue {
  std::vector<std::string> items;
  bool list = false;
};

// What such a file says, by the full name of a setting, and everything that is wrong with its form.
struct SettingsFile {
  std::map<std::string, SettingsFileValue> values;
  std::vector<std::string> errors;
};

// Reads a YAML file of settings. Names may be nested or written with dots, `scrape: {interval: 5s}`
// or `scrape.interval: 5s`; saying one of them twice is an error. An empty value counts as not
// given. Pure, any thread.
SettingsFile parse_settings_file(std::string_view yaml);

}  // namespace promster
