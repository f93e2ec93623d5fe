#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/member.h"
#include "core/target.h"

// etcd keys and values <-> members and targets (interface.md, "etcd"; the original's keys and
// values: compat.md 4). Everything read here is untrusted text; a bad entry is a value, Rejected,
// and never affects another. Pure functions, any thread.
namespace promster {

// A key as etcd holds it.
struct KeyValue {
  std::string key;
  std::string value;
  std::int64_t mod_revision = 0;
};

// All keys below a prefix at one revision.
struct Listing {
  std::int64_t revision = 0;
  std::vector<KeyValue> entries;
};

// One change of a key; without a value the key was deleted.
struct KeyChange {
  std::string key;
  std::optional<std::string> value;
  std::int64_t mod_revision = 0;
};

// Why an entry cannot be used. `code` is one of a fixed, small set, fit for a metric label:
// key_too_long, value_too_long, not_utf8, address, label, value, denied, limit.
struct Rejected {
  std::string key;
  std::string code;
  std::string reason;  // for people: what is wrong, and the mend

  bool operator==(const Rejected&) const = default;
};

// BASE/SERVICE/ with the base cleaned as the original cleans it, and "/" in the service as "-".
std::string member_prefix(std::string_view base, std::string_view service);

// The key of a node below that prefix.
std::string member_key(std::string_view base, std::string_view service, std::string_view name);

// The JSON object a node publishes as the value of its key.
std::string render_member_value(const Member& member);

// An empty value, or one that is not ours, is an original promster: active, no algorithm.
std::variant<Member, Rejected> parse_member(const KeyValue& entry);

// The last segment of the key is the address, the one before it the label prsn; the value may say
// more (interface.md). A node's own value (with a "promster" object) says nothing here.
std::variant<Target, Rejected> parse_target(const KeyValue& entry);

}  // namespace promster
