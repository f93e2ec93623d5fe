#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/labels.h"
#include "core/member.h"

// The JSON values of etcd keys (interface.md, "etcd"). Untrusted text. Pure functions, any thread.
namespace promster {

// What the value of a target's key adds to the key.
struct TargetValue {
  std::string address;  // empty: the last segment of the key
  Labels labels;        // the user's, and the ones Prometheus reads scheme, path ... from
};

// Why a value cannot be used; `code` as in Rejected: "value", "label" or "address".
struct ValueError {
  std::string code;
  std::string reason;
};

// Reads a target's value. What is no JSON object, or is a node's own value, says nothing: the
// original never looked at values, so anything may stand there; fields that are not ours are
// ignored. An object with a field of ours that cannot be used is an error that names the field.
Result<TargetValue, ValueError> read_target_value(std::string_view value);

// Fills in what the value says of a member; what is not ours leaves it as it is: an original.
// Returns whether it is ours.
bool read_member_value(std::string_view value, Member& member);

}  // namespace promster
