#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/target.h"

namespace promster {

// Many targets in one piece of memory, which is quick to copy them into and to search: what a
// snapshot keeps of all targets. By key, as they were given. All text of a target is UTF-8
// (core/keyspace.h), in which a byte 0xff never is: here it ends each word.
//
// Thread rule: immutable after construction; any thread reads it.
class TargetTable {
 public:
  static constexpr char kEnd = '\xff';

  TargetTable() = default;
  // What of their text is no UTF-8 may be read otherwise.
  explicit TargetTable(std::span<const Target* const> targets);

  std::size_t size() const { return starts_.empty() ? 0 : starts_.size() - 1; }

  // REQUIRES of all: i < size(). The views live as long as the table.
  std::string_view key(std::size_t i) const;
  std::string_view address(std::size_t i) const;
  // The value of a label; none where the target has no label of this name.
  std::optional<std::string_view> label(std::size_t i, std::string_view name) const;
  // All of the target's words, with a kEnd after each: key, address, then the name and the value of
  // each label.
  std::string_view words(std::size_t i) const;
  Target target(std::size_t i) const;

  static constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();
  // Where each target of `other` is here, by its key; kNowhere: it is not. One walk over both.
  // REQUIRES: both by key, each key once, and fewer than 2^32 - 1 targets.
  std::vector<std::uint32_t> places_of(const TargetTable& other) const;

 private:
  std::string text_;
  std::vector<std::uint64_t> starts_;  // of each target in text_, and the end
};

}  // namespace promster
