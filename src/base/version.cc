#include "base/version.h"

namespace promster {

const char* const kVersion = PROMSTER_VERSION;

}  // namespace promster
