#pragma once

#include <string_view>

#include "base/result.h"

namespace promster {

// Whether Prometheus can compile this regular expression (RE2 syntax:
// github.com/google/re2/wiki/Syntax, which is what Go's regexp reads). The error holds RE2's words.
// Pure, any thread.
Result<void> check_regex(std::string_view regex);

}  // namespace promster
