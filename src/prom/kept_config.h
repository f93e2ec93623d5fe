#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "prom/privacy.h"

namespace promster {

// The bytes of both files; nullopt where there is no such file.
struct ConfigFiles {
  std::optional<std::string> prometheus_yml;
  std::optional<std::string> rules_yml;

  bool operator==(const ConfigFiles&) const = default;
};

// A configuration that may be put back.
struct KeptConfig {
  ConfigFiles files;
  Privacy privacy;    // of prometheus.yml, when it was in use
  std::string stamp;  // of the site's files of rules then (core/base_config.h)
};

// As one text and back: a line with the lengths of both files and the privacy, then the files and
// the stamp. A file that is not there comes back empty; nullopt: it is no such text. Pure.
std::string write_kept_config(const KeptConfig& kept);
std::optional<KeptConfig> read_kept_config(std::string_view text);

}  // namespace promster
