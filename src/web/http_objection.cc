#include "web/http_objection.h"

#include <algorithm>
#include <string_view>

#include "base/ascii_case.h"

namespace promster {
namespace {

std::ptrdiff_t count(const WebHeaders& headers, std::string_view name) {
  return std::ranges::count_if(
      headers, [name](const auto& field) { return equal_without_case(field.first, name); });
}

bool is_too_much(const WebHeaders& headers, const HttpLimits& limits) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : headers) bytes += name.size() + value.size() + 4;
  return headers.size() > limits.fields || bytes > limits.header;
}

}  // namespace

int objection_to(const HttpHead& head, const HttpLimits& limits) {
  const WebHeaders& headers = head.request.headers;
  if (head.line_bytes > limits.request_line) return 414;
  if (is_too_much(headers, limits)) return 431;
  if (head.version == 11 && count(headers, "Host") != 1) return 400;
  const auto lengths = count(headers, "Content-Length");
  if (lengths > 1) return 400;
  if (const std::string* encoding = head.request.header("Transfer-Encoding")) {
    if (lengths > 0 || head.version < 11) return 400;
    if (!equal_without_case(*encoding, "chunked")) return 501;
  }
  // No answer of ours depends on a body so long that a client should ask first.
  return count(headers, "Expect") > 0 ? 417 : 0;
}

}  // namespace promster
