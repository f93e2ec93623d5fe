#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/settings_flags.h"
#include "base/result.h"
#include "core/settings.h"

namespace promster {

// Where settings come from. Plain data and two questions, so that a test needs no process.
struct SettingSources {
  std::vector<GivenFlag> flags;
  std::map<std::string, std::string> environment;
  // The content of a file (--config.file, --etcd.password-file, certificates).
  std::function<Result<std::string>(const std::string& path)> read;
  // Whether a directory can be written, or made.
  std::function<bool(const std::string& path)> can_write;
};

// Where the value of one setting came from.
struct Provenance {
  std::string name;    // "scrape.interval"
  std::string value;   // as it was written; masked where it is a secret
  std::string source;  // "--scrape-interval", "SCRAPE_INTERVAL", "promster.yml", "default",
                       // "derived from scrape.interval"
};

// The settings of a start, and all that is to be said of them. With errors the settings are not
// whole and must not be used. Each message reads `what; why; try: the mend`.
struct LoadedSettings {
  Settings settings;
  std::vector<Provenance> provenance;  // every setting of the table, in its order
  bool config_dir_writable = false;
  std::vector<std::string> warnings;
  std::vector<std::string> errors;
};

// Puts the settings together: flag before environment before --config.file before default
// (interface.md, "Settings"). Reads only through `sources`, writes nothing. Any thread.
LoadedSettings load_settings(const SettingSources& sources);

// The sources of this process: its environment and its files.
SettingSources process_sources(std::vector<GivenFlag> flags,
                               std::map<std::string, std::string> environment);

}  // namespace promster
