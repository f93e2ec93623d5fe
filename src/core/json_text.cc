#include "core/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace promster {

std::string json_quote(std::string_view text) {
  // Nearly every text here is an address: no need to build a JSON value for it.
  const bool plain = std::ranges::all_of(
      text, [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
  if (plain) return '"' + std::string(text) + '"';
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace promster
