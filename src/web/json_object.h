#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promster {

// A JSON object (RFC 8259) that is written field by field, in the order given. Text may hold
// anything: bytes that are not UTF-8 become U+FFFD. REQUIRES: names are unique.
//
// Thread rule: one thread.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value);
  JsonObject& number(std::string_view name, double value);
  JsonObject& number(std::string_view name, const std::optional<double>& value);  // none: null
  JsonObject& count(std::string_view name, std::uint64_t value);
  JsonObject& integer(std::string_view name, std::int64_t value);
  JsonObject& flag(std::string_view name, bool value);
  JsonObject& texts(std::string_view name, const std::vector<std::string>& values);
  // A value that is JSON already.
  JsonObject& json(std::string_view name, std::string_view value);

  std::string str() const { return "{" + fields_ + "}"; }

 private:
  std::string fields_;
};

// The shortest text that reads back as this number; null for what is none.
std::string json_number(double value);

// A list of what `write` makes of each item, which is JSON.
template <class Items, class Write>
std::string json_array(const Items& items, Write write) {
  std::string list = "[";
  for (const auto& item : items) {
    if (list.size() > 1) list += ',';
    list += write(item);
  }
  return list + "]";
}

}  // namespace promster
