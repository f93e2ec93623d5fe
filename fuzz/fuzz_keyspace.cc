// Keys and values from etcd: any bytes are a member, a target, or rejected with a reason; what is
// accepted can be rendered and is valid.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "base/text.h"
#include "core/keyspace.h"
#include "core/render.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace promster;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t newline = bytes.find('\n');
  const KeyValue entry{.key = bytes.substr(0, newline),
                       .value = newline == std::string::npos ? "" : bytes.substr(newline + 1)};
  const auto target = parse_target(entry);
  if (const auto* good = std::get_if<Target>(&target)) {
    for (const auto& [name, value] : good->labels.pairs()) require(is_utf8(value));
    render_targets_json({&good, 1});
  } else {
    require(!std::get<Rejected>(target).reason.empty());
  }
  const auto member = parse_member(entry);
  if (const auto* good = std::get_if<Member>(&member)) {
    const auto again = parse_member({.key = entry.key, .value = render_member_value(*good)});
    require(std::holds_alternative<Member>(again));
  }
  return 0;
}
