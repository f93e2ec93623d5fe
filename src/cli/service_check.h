#pragma once

#include <string>

#include "base/duration.h"
#include "base/result.h"

namespace promster {

// Whether a service is well: `how` is a URL that answers with a status of 200 to 299, or "tcp", and
// then `address` (host:port) takes a connection. The error says why not. Blocks for `most` at the
// longest, beside the look-up of a name; any thread.
Result<void> check_service(const std::string& how, const std::string& address, Duration most);

}  // namespace promster
