#include "core/target_table.h"

#include <algorithm>
#include <utility>

namespace promster {
namespace {

void append_word(std::string& text, std::string_view word) {
  const std::size_t start = text.size();
  text.append(word);
  std::replace(text.begin() + static_cast<std::ptrdiff_t>(start), text.end(), TargetTable::kEnd,
               '?');
  text.push_back(TargetTable::kEnd);
}

// Takes the first word off `words`.
std::string_view next_word(std::string_view& words) {
  const std::size_t end = words.find(TargetTable::kEnd);
  const std::string_view word = words.substr(0, end);
  words.remove_prefix(end + 1);
  return word;
}

std::size_t bytes_of(const Target& target) {
  std::size_t bytes = target.key.size() + target.address.size() + 2;
  for (const auto& [name, value] : target.labels.pairs()) bytes += name.size() + value.size() + 2;
  return bytes;
}

}  // namespace

TargetTable::TargetTable(std::span<const Target* const> targets) {
  std::size_t bytes = 0;
  for (const Target* target : targets) bytes += bytes_of(*target);
  text_.reserve(bytes);
  starts_.reserve(targets.size() + 1);
  for (const Target* target : targets) {
    starts_.push_back(text_.size());
    append_word(text_, target->key);
    append_word(text_, target->address);
    for (const auto& [name, value] : target->labels.pairs()) {
      append_word(text_, name);
      append_word(text_, value);
    }
  }
  starts_.push_back(text_.size());
}

std::string_view TargetTable::words(std::size_t i) const {
  return std::string_view(text_).substr(starts_[i], starts_[i + 1] - starts_[i]);
}

std::string_view TargetTable::key(std::size_t i) const {
  std::string_view rest = words(i);
  return next_word(rest);
}

std::string_view TargetTable::address(std::size_t i) const {
  std::string_view rest = words(i);
  next_word(rest);
  return next_word(rest);
}

std::optional<std::string_view> TargetTable::label(std::size_t i, std::string_view name) const {
  std::string_view rest = words(i);
  next_word(rest);
  next_word(rest);
  while (!rest.empty()) {
    const std::string_view found = next_word(rest);
    const std::string_view value = next_word(rest);
    if (found == name) return value;
  }
  return std::nullopt;
}

std::vector<std::uint32_t> TargetTable::places_of(const TargetTable& other) const {
  std::vector<std::uint32_t> places(other.size(), kNowhere);
  std::uint32_t here = 0;
  for (std::size_t i = 0; i < other.size() && here < size(); ++i) {
    const std::string_view wanted = other.key(i);
    while (here < size() && key(here) < wanted) ++here;
    if (here < size() && key(here) == wanted) places[i] = here++;
  }
  return places;
}

Target TargetTable::target(std::size_t i) const {
  std::string_view rest = words(i);
  Target target;
  target.key = next_word(rest);
  target.address = next_word(rest);
  while (!rest.empty()) {
    const std::string_view name = next_word(rest);
    target.labels.set(std::string(name), std::string(next_word(rest)));
  }
  return target;
}

}  // namespace promster
