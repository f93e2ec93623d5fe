#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/base_config.h"

namespace promster {

// Reads the file of --prometheus.base-config. Its path becomes absolute. Errors start with the
// path, and say what is wrong in which line. Any thread.
Result<BaseConfig> load_base_config(
    const std::string& path, const std::function<Result<std::string>(const std::string&)>& read);

// Differs where one of these files was changed, came or went, or has another mode or owner. They
// may be patterns, as in rule_files of Prometheus. Any thread.
std::string stamp_of_files(const std::vector<std::string>& patterns);

}  // namespace promster
