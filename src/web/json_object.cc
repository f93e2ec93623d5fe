#include "web/json_object.h"

#include <array>
#include <charconv>
#include <cmath>

#include "core/json_text.h"

namespace promster {

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

JsonObject& JsonObject::json(std::string_view name, std::string_view value) {
  if (!fields_.empty()) fields_ += ',';
  fields_.append(json_quote(name)).append(":").append(value);
  return *this;
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) {
  return json(name, json_quote(value));
}

JsonObject& JsonObject::number(std::string_view name, double value) {
  return json(name, json_number(value));
}

JsonObject& JsonObject::number(std::string_view name, const std::optional<double>& value) {
  return json(name, value ? json_number(*value) : "null");
}

JsonObject& JsonObject::count(std::string_view name, std::uint64_t value) {
  return json(name, std::to_string(value));
}

JsonObject& JsonObject::integer(std::string_view name, std::int64_t value) {
  return json(name, std::to_string(value));
}

JsonObject& JsonObject::flag(std::string_view name, bool value) {
  return json(name, value ? "true" : "false");
}

JsonObject& JsonObject::texts(std::string_view name, const std::vector<std::string>& values) {
  return json(name, json_array(values, [](const std::string& one) { return json_quote(one); }));
}

}  // namespace promster
