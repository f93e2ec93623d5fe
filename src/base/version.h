#pragma once

namespace promster {

// The version of this program, from CMakeLists.txt.
extern const char* const kVersion;

}  // namespace promster
