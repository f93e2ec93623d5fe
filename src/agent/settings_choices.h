#pragma once

#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "core/settings.h"

// The texts of settings that allow a few words, or follow the grammar of Prometheus -> values.
// Errors read as those of settings_values.h. Pure functions, any thread.
namespace promster {

Result<LogLevel> read_log_level(std::string_view text);
Result<LogFormat> read_log_format(std::string_view text);
Result<ShardAlgorithm> read_algorithm(std::string_view text);
Result<ReloadMethod> read_reload_method(std::string_view text);
Result<std::string> read_scheme(std::string_view text);

// A regular expression that Prometheus can compile.
Result<std::string> read_regex(std::string_view text);

// "address", or the name of a label.
Result<std::string> read_shard_key(std::string_view text);

// A path that starts with a slash.
Result<std::string> read_route_prefix(std::string_view text);

}  // namespace promster
