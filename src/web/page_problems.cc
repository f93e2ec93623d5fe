#include "web/page_problems.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace promster {
namespace {

constexpr std::size_t kExamples = 3;
constexpr std::size_t kNamed = 5;

// How lines of /-/ready start (core/reconciler_outcome.cc), and what mends them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kMends{{
    {"drained; waits to be stopped", "a restart brings it back into the cluster"},
    {"the members were not listed yet",
     "try: promster check, which says whether etcd at --registry.etcd-url answers"},
    {"the targets were not listed yet",
     "try: promster check, which says whether etcd at --scrape.etcd-url answers"},
    {"the target file is not written yet", "it is written as soon as targets and nodes are listed"},
    {"the configuration is not in use",
     "Prometheus goes on with the last one that it accepted; try: mend what it names and restart, "
     "or SIGHUP to have it tried again"},
    {"the configuration is not loaded yet", "it is tried again until Prometheus takes it"},
    {"Prometheus is not ready", "try: the log of Prometheus, and whether --prometheus.url is it"},
    {"not registered in etcd",
     "what it scrapes goes on being scraped; try: promster check, and the rights of its etcd user"},
    {"another promster (", "try: --registry.advertise-address, another one for each node"},
    {"the registry is not watched",
     "the nodes known last stay in use, and nothing moves; try: etcdctl endpoint health"},
    {"the targets are not watched",
     "the targets known last go on being scraped; try: etcdctl endpoint health"},
    {"starting", "this takes a second or two"},
}};

bool told_elsewhere(std::string_view line) {
  return line.starts_with("the key of ") || line.find("too suddenly to believe it") != line.npos;
}

void add_lines(const std::vector<std::string>& lines, Tone tone, std::vector<PageProblem>& found) {
  for (const std::string& line : lines) {
    if (told_elsewhere(line)) continue;
    PageProblem problem{.tone = tone, .what = line, .mend = std::string(mend_of(line))};
    if (line.starts_with("the configuration")) {
      problem.more_url = "reloads";
      problem.more_text = "its words, and the difference";
    }
    found.push_back(std::move(problem));
  }
}

// Names of nodes, the first few of many.
std::string some_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    text += (text.empty() ? "" : ", ") + names[i];
  }
  return names.size() > kNamed ? text + " and " + std::to_string(names.size() - kNamed) + " more"
                               : text;
}

void add_no_targets(const Snapshot& snapshot, std::string_view prefix,
                    std::vector<PageProblem>& found) {
  if (snapshot.targets_discovered > 0 || !snapshot.targets_source.synced) return;
  found.push_back({.what = "no targets: there is none below " + std::string(prefix),
                   .mend = "each appears as soon as it is registered; try: etcdctl get --prefix "
                           "--keys-only " +
                           std::string(prefix) + ", and whether --scrape.etcd-path is it"});
}

void add_lease(const Snapshot& snapshot, SteadyTime now, std::vector<PageProblem>& found) {
  if (!lease_runs_out(snapshot, now)) return;
  const auto text = [](Duration time) {
    return seconds_text(std::chrono::duration<double>(time).count());
  };
  found.push_back({.what = "the lease is not renewed: " + text(lease_left(snapshot, now)) + " of " +
                           text(snapshot.lease_ttl) + " left",
                   .mend = "at its end the registration of this node is gone; try: etcdctl "
                           "endpoint health"});
}

void add_draining(const Snapshot& snapshot, std::vector<PageProblem>& found) {
  std::vector<std::string> names;
  for (const Member& member : snapshot.members) {
    const bool other = member.name != snapshot.node;
    if (other && member.state == MemberState::kDraining) names.push_back(member.name);
  }
  if (names.empty()) return;
  const bool one = names.size() == 1;
  found.push_back(
      {.what = some_of(names) + (one ? " drains: the other nodes take over its targets"
                                     : " drain: the other nodes take over their targets"),
       .mend = one ? "it leaves when everything is handed over"
                   : "they leave when everything is handed over"});
}

void add_differing(const Snapshot& snapshot, std::vector<PageProblem>& found) {
  const std::size_t differ = differing_nodes(snapshot);
  if (differ == 0) return;
  found.push_back({.what = counted(differ, "node") + (differ == 1 ? " is" : " are") +
                           " not at the same ring as this one yet",
                   .mend = "usual for seconds after a change; try, where it stays so: their pages",
                   .more_url = "levels",
                   .more_text = "where they are"});
}

void add_held(const Snapshot& snapshot, std::vector<PageProblem>& found) {
  if (const std::size_t held = snapshot.held_targets.size(); held > 0) {
    found.push_back({.what = counted(held, "target") + (held == 1 ? " is" : " are") +
                             " gone from etcd, too suddenly to believe it: scraped on",
                     .mend =
                         "held here until Prometheus finds them down three times in a row, or "
                         "their time is over; other nodes hold theirs; try, where they are gone "
                         "indeed: promster confirm on each node that holds some",
                     .more_url = "targets?state=held",
                     .more_text = "all that are held"});
  }
  if (const std::size_t kept = snapshot.kept_members.size(); kept > 0) {
    std::vector<std::string> names;
    for (const KeptMember& member : snapshot.kept_members) names.push_back(member.name);
    found.push_back({.what = "the key of " + some_of(names) +
                             (kept == 1 ? " is gone, but it answers: it keeps its share"
                                        : " is gone, but they answer: they keep their shares"),
                     .mend = "until it does not answer any more, or its time is over; try: is etcd "
                             "slower than the lease (--registry.ttl) is long?"});
  }
}

void add_rejected(const Snapshot& snapshot, std::vector<PageProblem>& found) {
  std::size_t total = 0;
  for (const auto& [code, count] : snapshot.targets_rejected) total += count;
  if (total == 0) return;
  const std::size_t shown = std::min(kExamples, snapshot.rejected_examples.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const Rejected& rejected = snapshot.rejected_examples[i];
    found.push_back(
        {.what = "a key of etcd is rejected: " + rejected.key, .mend = rejected.reason});
  }
  if (total == shown) return;
  found.push_back({.what = counted(total, "key") + " of etcd are rejected in all",
                   .mend = "they are not scraped; no other target suffers from them",
                   .more_url = "targets?state=rejected",
                   .more_text = "which, and why"});
}

void add_file(const Snapshot& snapshot, std::vector<PageProblem>& found) {
  const bool told = std::ranges::any_of(snapshot.missing, [&](const std::string& line) {
    return line.find(snapshot.file_failure) != line.npos;
  });
  if (snapshot.file_failure.empty() || told) return;
  found.push_back({.tone = Tone::kBad,
                   .what = snapshot.file_failure,
                   .mend = "try: room and rights of --prometheus.config-dir"});
}

void add_notes(const Snapshot& snapshot, std::vector<PageProblem>& found) {
  if (snapshot.draining && !snapshot.drained) {
    found.push_back({.what = snapshot.handed_over
                                 ? "this node drains: everything is handed over, it leaves now"
                                 : "this node drains: its siblings take over its targets",
                     .mend = "a second SIGTERM stops it at once"});
  }
  if (snapshot.targets_handing_over > 0) {
    found.push_back({.tone = Tone::kInfo,
                     .what = counted(snapshot.targets_handing_over, "target") +
                             (snapshot.targets_handing_over == 1 ? " changes" : " change") +
                             " hands here: scraped by both, counted once",
                     .mend = "until the new owner has scraped what it gets",
                     .more_url = "targets?state=moving",
                     .more_text = "which"});
  }
  if (snapshot.algorithm != "legacy") return;
  std::size_t legacy = 0;
  for (const Member& member : snapshot.members) legacy += member.algorithm != kBoundedAlgorithm;
  found.push_back({.tone = Tone::kInfo,
                   .what = "the legacy ring is in use: " + counted(legacy, "node") +
                           " did not name the bounded algorithm",
                   .mend = "all nodes change over together once every one is upgraded"});
}

}  // namespace

std::string_view mend_of(std::string_view line) {
  for (const auto& [start, mend] : kMends) {
    if (line.starts_with(start)) return mend;
  }
  return "";
}

Duration lease_left(const Snapshot& snapshot, SteadyTime now) {
  const auto left = snapshot.lease_confirmed + snapshot.lease_ttl - now;
  return std::max(std::chrono::floor<Duration>(left), Duration::zero());
}

bool lease_runs_out(const Snapshot& snapshot, SteadyTime now) {
  return snapshot.registered && lease_left(snapshot, now) * 5 < snapshot.lease_ttl * 2;
}

std::size_t differing_nodes(const Snapshot& snapshot) {
  const auto self = std::ranges::find(snapshot.members, snapshot.node, &Member::name);
  if (self == snapshot.members.end() || self->applied.empty()) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(snapshot.members, [&](const Member& one) {
    return !one.applied.empty() && one.applied != self->applied;
  }));
}

std::vector<PageProblem> find_problems(const Snapshot& snapshot, std::string_view scrape_prefix,
                                       SteadyTime now) {
  std::vector<PageProblem> found;
  add_lines(snapshot.missing, Tone::kBad, found);
  add_file(snapshot, found);
  add_lines(snapshot.degraded, Tone::kWarn, found);
  add_no_targets(snapshot, scrape_prefix, found);
  add_lease(snapshot, now, found);
  add_draining(snapshot, found);
  add_differing(snapshot, found);
  add_held(snapshot, found);
  add_rejected(snapshot, found);
  add_notes(snapshot, found);
  return found;
}

}  // namespace promster
