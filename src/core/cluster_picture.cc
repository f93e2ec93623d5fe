#include "core/cluster_picture.h"

#include <algorithm>

#include "base/ascii_case.h"
#include "base/text.h"

namespace promster {
namespace {

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// Whether `text` has `word`, which is in lower case and not empty; ASCII letters are the same in
// both cases. Both ends are looked at first: a first letter alone is met too often.
bool has_word(std::string_view text, std::string_view word) {
  const std::size_t last = word.size() - 1;
  const char first[] = {word.front(), upper(word.front())};
  const char end[] = {word.back(), upper(word.back())};
  for (std::size_t at = 0; at + last < text.size(); ++at) {
    if (text[at] != first[0] && text[at] != first[1]) continue;
    if (text[at + last] != end[0] && text[at + last] != end[1]) continue;
    const auto same = [](char w, char t) { return lower_ascii(t) == w; };
    if (std::equal(word.begin(), word.end(), text.substr(at).begin(), same)) return true;
  }
  return false;
}

// One word of a query, and which members have it in their names.
struct Word {
  std::string text;
  std::vector<bool> members;
  bool some_member = false;
};

std::vector<Word> words_of(const std::string& query, const std::vector<std::string>& members) {
  std::vector<Word> words;
  for (const std::string_view part : split(query, ' ')) {
    if (part.empty()) continue;
    Word word;
    word.text = lower_ascii(part);
    for (const std::string& member : members) word.members.push_back(has_word(member, word.text));
    word.some_member = std::ranges::find(word.members, true) != word.members.end();
    words.push_back(std::move(word));
  }
  return words;
}

bool owned_by(std::span<const std::uint32_t> owners, const Word& word) {
  return word.some_member &&
         std::ranges::any_of(owners, [&](std::uint32_t owner) { return word.members[owner]; });
}

}  // namespace

std::vector<ShardTarget> ClusterPicture::shard_targets() const {
  std::vector<ShardTarget> result;
  result.reserve(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto hashed = shard_key == "address" ? std::nullopt : targets.label(i, shard_key);
    result.push_back({.shard_key = hashed.value_or(targets.address(i)), .id = targets.key(i)});
  }
  return result;
}

std::optional<std::size_t> ClusterPicture::find(std::string_view key_or_address) const {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets.key(i) == key_or_address) return i;
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets.address(i) == key_or_address) return i;
  }
  return std::nullopt;
}

TargetMatches search_targets(const ClusterPicture& picture, const TargetQuery& query) {
  TargetMatches matches;
  const auto& members = picture.sharing.members;
  const auto owner = std::ranges::find(members, query.owner);
  if (!query.owner.empty() && owner == members.end()) return matches;
  const auto owner_index = static_cast<std::uint32_t>(owner - members.begin());
  const std::vector<Word> words = words_of(query.words, members);
  for (std::size_t i = 0; i < picture.targets.size(); ++i) {
    const auto owners = picture.sharing.assignment.owners(i);
    if (!query.owner.empty() && std::ranges::find(owners, owner_index) == owners.end()) continue;
    const std::string_view text = picture.targets.words(i);
    const bool all = std::ranges::all_of(words, [&](const Word& word) {
      return owned_by(owners, word) || has_word(text, word.text);
    });
    if (!all) continue;
    if (matches.total >= query.offset && matches.targets.size() < query.limit) {
      matches.targets.push_back(i);
    }
    ++matches.total;
  }
  return matches;
}

}  // namespace promster
