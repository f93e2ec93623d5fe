#include "web/target_rows.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <set>
#include <utility>

#include "base/text.h"
#include "web/health_rows.h"
#include "web/page_words.h"

namespace promster {
namespace {

using State = TargetRow::State;

constexpr std::array<std::pair<std::string_view, TargetFilter>, 7> kFilters{
    {{"", TargetFilter::kAny},
     {"up", TargetFilter::kUp},
     {"down", TargetFilter::kDown},
     {"unknown", TargetFilter::kUnknown},
     {"moving", TargetFilter::kMoving},
     {"held", TargetFilter::kHeld},
     {"rejected", TargetFilter::kRejected}}};

// The rows that are no targets of the picture, in a picture of their own, to be searched alike.
struct Extras {
  std::vector<TargetRow> rows;

  ClusterPicture picture() const {
    std::vector<Target> targets;
    for (const TargetRow& row : rows) {
      targets.push_back({.key = printable(row.key, 1000), .address = row.address, .labels = {}});
    }
    std::vector<const Target*> pointers;
    for (const Target& target : targets) pointers.push_back(&target);
    return {.targets = TargetTable(pointers)};
  }
};

void add_held(const Snapshot& snapshot, Extras& extras) {
  for (const HeldTarget& held : snapshot.held_targets) {
    extras.rows.push_back({.address = held.address,
                           .key = held.key,
                           .state = State::kHeld,
                           .reason = waits_for(held),
                           .held = held});
  }
}

void add_rejected(const Snapshot& snapshot, Extras& extras) {
  for (const Rejected& rejected : snapshot.rejected_examples) {
    const std::string key = printable(rejected.key, 1000);
    extras.rows.push_back({.address = key.substr(key.rfind('/') + 1),
                           .key = key,
                           .state = State::kRejected,
                           .reason = rejected.reason});
  }
}

Extras wanted_extras(const Snapshot& snapshot, const TargetsQuestion& question) {
  Extras extras;
  const TargetQuery& query = question.query;
  if (!query.owner.empty()) return extras;
  const bool search = question.filter == TargetFilter::kAny && !query.words.empty();
  if (search || question.filter == TargetFilter::kHeld) add_held(snapshot, extras);
  if (search || question.filter == TargetFilter::kRejected) add_rejected(snapshot, extras);
  return extras;
}

bool is_of_health(TargetFilter filter) {
  return filter == TargetFilter::kUp || filter == TargetFilter::kDown ||
         filter == TargetFilter::kUnknown;
}

// One search: what matches, in the picture and beside it.
class TargetSearch {
 public:
  TargetSearch(const Snapshot& snapshot, const TargetsQuestion& question)
      : snapshot_(snapshot),
        question_(question),
        moving_(snapshot.moving_targets.begin(), snapshot.moving_targets.end()) {}

  TargetsPage run(const NodeView& view) {
    TargetsPage page{.revision = snapshot_.cluster->revision,
                     .offset = question_.query.offset,
                     .limit = question_.query.limit};
    if (is_of_health(question_.filter)) {
      find_by_health(view, page);
    } else {
      find_known(page);
    }
    return page;
  }

 private:
  const ClusterPicture& picture() const { return *snapshot_.cluster; }
  bool is_moving(std::size_t i) const { return moving_.contains(picture().targets.address(i)); }

  TargetRow row(std::size_t i) const {
    Target target = picture().targets.target(i);
    const bool moving = is_moving(i);
    return {.address = std::move(target.address),
            .key = std::move(target.key),
            .labels = std::move(target.labels),
            .owners = owner_names(snapshot_, i),
            .state = moving ? State::kMoving : State::kAssigned,
            .reason = moving ? "changes hands at this node" : ""};
  }

  TargetMatches all_matches() const {
    TargetQuery query = question_.query;
    query.offset = 0;
    query.limit = std::numeric_limits<std::size_t>::max();
    return search_targets(picture(), query);
  }

  // The part of `found` that the page is to show.
  void show(const std::vector<std::size_t>& found, TargetsPage& page) const {
    page.total = found.size();
    const std::size_t first = std::min(page.offset, found.size());
    const std::size_t end = first + std::min(page.limit, found.size() - first);
    for (std::size_t i = first; i < end; ++i) page.rows.push_back(row(found[i]));
  }

  void find_known(TargetsPage& page) const {
    const auto started = std::chrono::steady_clock::now();
    if (question_.filter == TargetFilter::kMoving) {
      TargetMatches matches = all_matches();
      std::erase_if(matches.targets, [this](std::size_t i) { return !is_moving(i); });
      show(matches.targets, page);
    } else if (question_.filter == TargetFilter::kAny) {
      const TargetMatches matches = search_targets(picture(), question_.query);
      page.total = matches.total;
      for (const std::size_t i : matches.targets) page.rows.push_back(row(i));
    }
    add_extras(page);
    page.search_seconds = seconds_since(started);
  }

  // Behind all others.
  void add_extras(TargetsPage& page) const {
    Extras extras = wanted_extras(snapshot_, question_);
    if (extras.rows.empty()) return;
    TargetQuery query = question_.query;
    query.offset = page.offset - std::min(page.offset, page.total);
    query.limit = page.limit - page.rows.size();
    const TargetMatches matches = search_targets(extras.picture(), query);
    page.total += matches.total;
    for (const std::size_t i : matches.targets) page.rows.push_back(std::move(extras.rows[i]));
  }

  void find_by_health(const NodeView& view, TargetsPage& page) const {
    const auto started = std::chrono::steady_clock::now();
    TargetMatches matches = all_matches();
    page.search_seconds = seconds_since(started);
    HealthFinder finder(view.ask_health);
    finder.ask_all(owners_of(matches), question_.filter == TargetFilter::kDown);
    std::erase_if(matches.targets, [&](std::size_t i) {
      const auto health = finder.health_of(owner_names(snapshot_, i), picture().targets.address(i));
      return health.state != wanted_state();
    });
    show(matches.targets, page);
    for (TargetRow& one : page.rows) one.health = finder.health_of(one.owners, one.address);
    page.not_asked = finder.failed();
  }

  TargetHealth::State wanted_state() const {
    if (question_.filter == TargetFilter::kUp) return TargetHealth::State::kUp;
    return question_.filter == TargetFilter::kDown ? TargetHealth::State::kDown
                                                   : TargetHealth::State::kUnknown;
  }

  std::set<std::string> owners_of(const TargetMatches& matches) const {
    std::set<std::string> owners;
    const std::size_t all = std::max<std::size_t>(1, picture().sharing.members.size());
    for (const std::size_t i : matches.targets) {
      for (std::string& name : owner_names(snapshot_, i)) owners.insert(std::move(name));
      if (owners.size() == all) break;
    }
    return owners;
  }

  static double seconds_since(std::chrono::steady_clock::time_point started) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }

  const Snapshot& snapshot_;
  const TargetsQuestion& question_;
  const std::set<std::string, std::less<>> moving_;
};

std::string why_empty(const Snapshot& snapshot, const NodeView& view,
                      const TargetsQuestion& question, const TargetsPage& page) {
  if (page.total > 0) return "there are only " + std::to_string(page.total);
  if (question.filter == TargetFilter::kHeld) return "no target is held";
  if (question.filter == TargetFilter::kRejected && snapshot.targets_rejected.empty()) {
    return "no entry of etcd is rejected";
  }
  const std::size_t all = snapshot.cluster->targets.size();
  if (all == 0) {
    return "no keys below " + view.scrape_prefix + " at revision " + std::to_string(page.revision);
  }
  return "none of the " + std::to_string(all) + " targets matches";
}

}  // namespace

std::optional<TargetFilter> target_filter(std::string_view word) {
  for (const auto& [name, filter] : kFilters) {
    if (name == word) return filter;
  }
  return std::nullopt;
}

std::string_view state_word(State state) {
  constexpr std::array<std::string_view, 4> kWords{"assigned", "moving", "held", "rejected"};
  return kWords[static_cast<std::size_t>(state)];
}

std::vector<std::string> owner_names(const Snapshot& snapshot, std::size_t target) {
  const ClusterPicture& picture = *snapshot.cluster;
  if (!picture.sharded) return {snapshot.node};
  std::vector<std::string> names;
  for (const std::uint32_t owner : picture.sharing.assignment.owners(target)) {
    names.push_back(picture.sharing.members[owner]);
  }
  return names;
}

std::string waits_for(const HeldTarget& held) {
  return std::string(held.alone
                         ? "a node of the level below whose key is gone from etcd, though it "
                           "did not say that it stops; it is scraped on until the nodes beside "
                           "it have taken over, until"
                         : "gone from etcd together with many others; it is scraped on until") +
         " three scrapes in a row have failed (" + std::to_string(held.down_scrapes) + " so far)" +
         (held.until ? ", until " + utc_text(*held.until) + " UTC at the longest," : "") +
         " or until `promster confirm` on this node says that it is gone";
}

bool asks_owners(const TargetsQuestion& question) {
  return question.health || is_of_health(question.filter);
}

TargetsPage find_targets(const Snapshot& snapshot, const NodeView& view,
                         const TargetsQuestion& question) {
  TargetsPage page = TargetSearch(snapshot, question).run(view);
  if (question.health) ask_rows(view.ask_health, page);
  if (page.rows.empty() && page.limit > 0) {
    page.empty_because = why_empty(snapshot, view, question, page);
  }
  return page;
}

}  // namespace promster
