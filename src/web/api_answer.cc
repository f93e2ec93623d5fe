#include "web/api_answer.h"

#include <charconv>

#include "base/text.h"
#include "web/json_object.h"

namespace promster {
namespace {

constexpr std::size_t kMostWords = 1000;

struct FaultWords {
  int status;
  std::string_view type;  // Prometheus's names, where it has one
};

FaultWords words_of(ApiFault fault) {
  switch (fault) {
    case ApiFault::kBadData:
      return {400, "bad_data"};
    case ApiFault::kNotFound:
      return {404, "not_found"};
    case ApiFault::kUnavailable:
      break;
  }
  return {503, "unavailable"};
}

// The next answer may differ: nobody is to keep this one.
WebResponse json_answer(int status, std::string body) {
  return {.status = status,
          .content_type = "application/json",
          .body = std::move(body),
          .headers = {{"Cache-Control", "no-store"}}};
}

std::string shown(const std::string& name, const std::string& value) {
  return name + "; \"" + printable(value, 100) + "\" is ";
}

}  // namespace

WebResponse api_success(std::string_view data) {
  return json_answer(200, JsonObject().text("status", "success").json("data", data).str());
}

WebResponse api_error(ApiFault fault, std::string_view why) {
  const FaultWords words = words_of(fault);
  return json_answer(words.status, JsonObject()
                                       .text("status", "error")
                                       .text("errorType", words.type)
                                       .text("error", printable(why, kMostWords))
                                       .str());
}

const std::string& parameter(const WebRequest& request, const std::string& name) {
  static const std::string none;
  const auto found = request.query.find(name);
  return found == request.query.end() ? none : found->second;
}

Result<std::size_t> count_parameter(const WebRequest& request, const std::string& name,
                                    std::size_t fallback, std::size_t most) {
  const std::string& text = parameter(request, name);
  if (text.empty()) return fallback;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value <= most) return value;
  return Error{shown(name, text) + "no number from 0 to " + std::to_string(most) +
               "; try: " + name + "=" + std::to_string(fallback)};
}

Result<bool> flag_parameter(const WebRequest& request, const std::string& name) {
  const std::string& text = parameter(request, name);
  if (text.empty() || text == "false") return false;
  if (text == "true") return true;
  return Error{shown(name, text) + "neither true nor false; try: " + name + "=true"};
}

}  // namespace promster
