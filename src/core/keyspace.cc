#include "core/keyspace.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "core/address.h"
#include "core/entry_value.h"

namespace promster {
namespace {

constexpr std::size_t kMostKey = 1 << 10;
constexpr std::size_t kMostValue = 64 << 10;

std::string with_dashes(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '/', '-');
  return out;
}

// Go's path.Clean (go.dev, package path), by which the original makes its keys: "//" and "." go,
// ".." takes the segment before it along, and nothing ends in "/" but the root. Empty for nothing.
std::string cleaned(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> kept;
  for (const std::string_view segment : split(path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      kept.push_back(segment);
    } else if (!kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else if (!rooted) {
      kept.push_back(segment);
    }
  }
  std::string out = rooted ? "/" : "";
  for (const std::string_view segment : kept) {
    if (!out.empty() && out != "/") out += '/';
    out += segment;
  }
  return out;
}

std::string_view last_segment(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// The segment above the address; "/" where there is none, as the original says it.
std::string_view parent_segment(std::string_view key) {
  key.remove_suffix(last_segment(key).size());
  while (key.ends_with('/')) key.remove_suffix(1);
  const std::string_view parent = last_segment(key);
  return parent.empty() ? "/" : parent;
}

// A URL in a key is spread over several segments; this is all of it. Empty where there is none.
std::string_view url_in(std::string_view key) {
  const std::size_t scheme_end = key.find("://");
  if (scheme_end == std::string_view::npos) return {};
  return key.substr(last_segment(key.substr(0, scheme_end)).data() - key.data());
}

std::optional<Rejected> reject_any(const KeyValue& entry) {
  const auto rejected = [&](const char* code, std::string reason) {
    return Rejected{.key = entry.key, .code = code, .reason = std::move(reason)};
  };
  const std::string shown = "\"" + printable(entry.key) + "\"";
  if (entry.key.size() > kMostKey) {
    return rejected("key_too_long", shown + " is longer than 1 KiB; register a shorter key");
  }
  if (entry.value.size() > kMostValue) {
    return rejected("value_too_long", shown + " has a value above 64 KiB; register a smaller one");
  }
  if (!is_utf8(entry.key)) {
    return rejected("not_utf8", shown + " is not UTF-8; register a key in UTF-8");
  }
  if (entry.key.ends_with('/')) {
    return rejected("address", shown + " names a folder; register host:port below it");
  }
  return std::nullopt;
}

std::string_view address_text(const KeyValue& entry) {
  const std::string_view url = url_in(entry.key);
  return url.empty() ? last_segment(entry.key) : url;
}

}  // namespace

std::string member_prefix(std::string_view base, std::string_view service) {
  std::string path = cleaned(std::string(base) + (base.empty() ? "" : "/") + with_dashes(service));
  if (!path.empty() && path != "/") path += '/';
  return path;
}

std::string member_key(std::string_view base, std::string_view service, std::string_view name) {
  return cleaned(member_prefix(base, service) + with_dashes(name));
}

std::variant<Member, Rejected> parse_member(const KeyValue& entry) {
  if (auto rejected = reject_any(entry)) return *std::move(rejected);
  const std::string_view name = address_text(entry);
  if (const auto address = parse_address(name); !address) {
    return Rejected{.key = entry.key, .code = "address", .reason = address.error().message};
  }
  Member member;
  member.name = name;
  read_member_value(entry.value, member);
  return member;
}

std::variant<Target, Rejected> parse_target(const KeyValue& entry) {
  if (auto rejected = reject_any(entry)) return *std::move(rejected);
  const auto rejected = [&](std::string code, std::string reason) {
    return Rejected{.key = entry.key, .code = std::move(code), .reason = std::move(reason)};
  };
  auto value = read_target_value(entry.value);
  if (!value) return rejected(value.error().code, value.error().reason);
  std::string address = value->address.empty() ? std::string(address_text(entry)) : value->address;
  if (const auto usable = parse_address(address); !usable) {
    return rejected("address", usable.error().message);
  }
  Target target{
      .key = entry.key, .address = std::move(address), .labels = std::move(value->labels)};
  if (target.labels.find("prsn") == nullptr) {
    const std::string_view parent = parent_segment(entry.key);
    if (const auto usable = check_target_label("prsn", parent); !usable) {
      return rejected("label", usable.error().message);
    }
    target.labels.set("prsn", std::string(parent));
  }
  return target;
}

}  // namespace promster
