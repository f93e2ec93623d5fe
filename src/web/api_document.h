#pragma once

#include <string_view>

namespace promster {

// src/web/openapi.yaml, as it was when the program was built.
std::string_view api_document();

}  // namespace promster
