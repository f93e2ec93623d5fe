#include "core/matching.h"

#include <algorithm>
#include <queue>

namespace promster {
namespace {

// Targets of one shard key, in order of id, that still lack owners, and what they wish for next.
struct Group {
  std::uint64_t hash;
  Wish wish;
  std::uint32_t begin, end;  // in Matcher::order_

  // Hashes of different keys may be equal as well; they are then one group.
  bool before(const Group& other) const {
    if (wish.score != other.wish.score || wish.rank != other.wish.rank) {
      return wish.before(other.wish);
    }
    return hash < other.hash;
  }
};

struct Later {
  bool operator()(const Group& a, const Group& b) const { return b.before(a); }
};

class Matcher {
 public:
  explicit Matcher(Matching& matching) : matching_(matching) {}

  std::vector<std::uint32_t> run() {
    make_groups();
    for (const Group& group : groups_) {
      while (!refused_.empty() && refused_.top().before(group)) serve_refused();
      serve(group);
    }
    while (!refused_.empty()) serve_refused();
    return std::move(lacking_);
  }

 private:
  void make_groups() {
    const auto count = static_cast<std::uint32_t>(matching_.targets.size());
    groups_.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t hash = matching_.hashes[i];
      const auto wish = matching_.scores.next(hash, matching_.room, std::nullopt);
      groups_.push_back({.hash = hash, .wish = *wish, .begin = i, .end = i + 1});
    }
    std::ranges::sort(groups_, [](const Group& a, const Group& b) { return a.before(b); });
    order_.reserve(count);
    for (const Group& group : groups_) order_.push_back(group.begin);
    join_groups();
  }

  // Targets of one hash have equal wishes, so they lie side by side.
  void join_groups() {
    std::size_t joined = 0;
    for (std::uint32_t begin = 0, end = 0; begin < order_.size(); begin = end) {
      for (end = begin + 1; end < order_.size() && groups_[end].hash == groups_[begin].hash;) ++end;
      if (end - begin > 1) sort_by_id(begin, end);
      groups_[joined++] = {
          .hash = groups_[begin].hash, .wish = groups_[begin].wish, .begin = begin, .end = end};
    }
    groups_.resize(joined);
  }

  void sort_by_id(std::uint32_t begin, std::uint32_t end) {
    std::sort(order_.begin() + begin, order_.begin() + end, [&](std::uint32_t a, std::uint32_t b) {
      return matching_.targets[a].id < matching_.targets[b].id;
    });
  }

  void serve_refused() {
    const Group group = refused_.top();
    refused_.pop();
    serve(group);
  }

  // Grants the wish as far as there is room, in order of id; who lacks more wishes on. The first in
  // the group never have fewer owners than the others, so who is complete is at the front.
  void serve(Group group) {
    const std::uint32_t granted =
        std::min(matching_.room[group.wish.rank], group.end - group.begin);
    for (std::uint32_t i = group.begin; i < group.begin + granted; ++i) {
      matching_.add(group.wish.rank, order_[i]);
    }
    while (group.begin != group.end && matching_.complete(order_[group.begin])) ++group.begin;
    if (group.begin == group.end) return;
    if (const auto wish = matching_.scores.next(group.hash, matching_.room, group.wish)) {
      group.wish = *wish;
      refused_.push(group);
    } else {
      lacking_.insert(lacking_.end(), order_.begin() + group.begin, order_.begin() + group.end);
    }
  }

  Matching& matching_;
  std::vector<std::uint32_t> order_;  // targets
  std::vector<Group> groups_;         // with their first wish, in order
  std::priority_queue<Group, std::vector<Group>, Later> refused_;
  std::vector<std::uint32_t> lacking_;
};

}  // namespace

bool Matching::owns(std::uint32_t rank, std::uint32_t target) const {
  return std::ranges::find(owners.owners(target).first(owned[target]), rank) !=
         owners.owners(target).begin() + owned[target];
}

void Matching::add(std::uint32_t rank, std::uint32_t target) {
  owners.owners(target)[owned[target]++] = rank;
  --room[rank];
}

std::vector<std::uint32_t> match(Matching& matching) {
  return Matcher(matching).run();
}

}  // namespace promster
