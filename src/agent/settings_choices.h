#pragma once

#include <string>
#include <string_view>
#include <vector>

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

// Addresses such as http://am:9093/path, separated by commas.
Result<std::vector<std::string>> read_urls(std::string_view text);

// An address such as https://host/api/v1/write, which may have a query.
Result<std::string> read_remote_write_url(std::string_view text);

// Labels (core/label_list.h); %{node} and %{service} are known in their values.
Result<Labels> read_external_labels(std::string_view text);

}  // namespace promster
