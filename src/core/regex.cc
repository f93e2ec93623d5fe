#include "core/regex.h"

#include <re2/re2.h>

#include <string>

namespace promster {

Result<void> check_regex(std::string_view regex) {
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 compiled(re2::StringPiece(regex.data(), regex.size()), options);
  if (compiled.ok()) return {};
  return Error{compiled.error()};
}

}  // namespace promster
