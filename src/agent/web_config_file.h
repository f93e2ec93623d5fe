#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "web/web_config.h"

namespace promster {

// Reads the text of a --web.config.file: exporter-toolkit's format
// (prometheus.io/docs/prometheus/latest/configuration/https). Relative paths in it are relative to
// `directory`. What is not known, or not supported, is an error, never ignored:
// "basic_auth_users: ann: is no bcrypt hash; try: promster hash-password". Pure, any thread.
Result<WebConfig> parse_web_config(std::string_view yaml, const std::string& directory);

// The configuration of a node, and what is to be warned of.
struct LoadedWebConfig {
  WebConfig config;
  std::vector<std::string> warnings;
};

// Reads the file; an empty path is an empty configuration. Warns of secrets that everybody on the
// machine can read. Errors start with the path.
Result<LoadedWebConfig> load_web_config(const std::string& path);

}  // namespace promster
