#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace promster {

// The whole content of a file. Fails where it cannot be read, or holds more than `most` bytes.
Result<std::string> read_file(const std::string& path, std::size_t most = 64 << 20);

}  // namespace promster
