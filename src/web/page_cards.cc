#include "web/page_cards.h"

#include <algorithm>

#include "web/html.h"
#include "web/page_parts.h"
#include "web/page_problems.h"

namespace promster {
namespace {

struct Card {
  std::string title;
  Tone tone = Tone::kOk;
  std::string state;
  std::string note;  // HTML
};

std::string render(const Card& card) {
  const std::string html =
      element("h2", {}, html_text(card.title)) +
      element("p", {{"class", "state"}}, symbol(card.tone) + html_text(card.state)) +
      (card.note.empty() ? "" : element("p", {{"class", "note"}}, card.note));
  return element("li", {{"class", "card " + std::string(tone_class(card.tone))}}, html) + "\n";
}

Card lease_card(const Snapshot& snapshot, SteadyTime now) {
  if (snapshot.service.empty()) {
    return {.title = "Registration",
            .tone = Tone::kInfo,
            .state = "no registry is set",
            .note = "this node scrapes every target"};
  }
  if (!snapshot.registered) {
    return {.title = "Registration",
            .tone = snapshot.withdrawn ? Tone::kWarn : Tone::kBad,
            .state = snapshot.withdrawn ? "withdrawn" : "not registered",
            .note = html_text(snapshot.registration_reason)};
  }
  const std::chrono::duration<double> left = lease_left(snapshot, now);
  return {.title = "Registration",
          .tone = lease_runs_out(snapshot, now) ? Tone::kWarn : Tone::kOk,
          .state = "registered",
          .note = html_text(
              "lease: " + fixed_text(left.count(), 0) + " s of " +
              seconds_text(std::chrono::duration<double>(snapshot.lease_ttl).count()) + " left")};
}

std::string source_words(const char* name, const SourceSnapshot& source) {
  if (!source.enabled) return "";
  // Why not is said above, among the problems.
  const std::string state = source.up       ? "revision " + std::to_string(source.revision)
                            : source.synced ? "not watched"
                                            : "not listed yet";
  return std::string(name) + ": " + state;
}

Card etcd_card(const Snapshot& snapshot) {
  const SourceSnapshot& members = snapshot.members_source;
  const SourceSnapshot& targets = snapshot.targets_source;
  const bool up = targets.up && (members.up || !members.enabled);
  const bool synced = targets.synced && (members.synced || !members.enabled);
  const std::string first = source_words("registry", members);
  const std::string second = source_words("targets", targets);
  return {.title = "etcd",
          .tone = up       ? Tone::kOk
                  : synced ? Tone::kWarn
                           : Tone::kBad,
          .state = up       ? "watched"
                   : synced ? "lost; the last state stays in use"
                            : "not listed yet",
          .note = html_text(first + (first.empty() || second.empty() ? "" : ", ") + second)};
}

Card prometheus_card(const Snapshot& snapshot) {
  return {.title = "Prometheus",
          .tone = snapshot.prometheus_up ? Tone::kOk : Tone::kBad,
          .state = snapshot.prometheus_up ? "up, " + snapshot.prometheus_version : "not ready",
          .note = (snapshot.prometheus_up ? "" : html_text(snapshot.prometheus_reason) + " ") +
                  prometheus_links(snapshot.node)};
}

// Nobody can say who agrees while the registry is not watched.
std::string agreement(const Snapshot& snapshot) {
  if (!snapshot.sharding) return "this node scrapes every target";
  if (!snapshot.members_source.up) return "as they were last known";
  const std::size_t differ = differing_nodes(snapshot);
  return differ == 0 ? "agree who scrapes what"
                     : counted(differ, "node") + " not at the same ring yet";
}

Card nodes_card(const Snapshot& snapshot) {
  const auto draining = static_cast<std::size_t>(
      std::ranges::count(snapshot.members, MemberState::kDraining, &Member::state));
  std::string note = agreement(snapshot);
  if (draining > 0) note += ", " + count_text(draining) + " draining";
  const std::size_t kept = snapshot.kept_members.size();
  if (kept > 0) note += ", " + count_text(kept) + " kept";
  const bool lost = snapshot.members_source.enabled && !snapshot.members_source.up;
  const bool odd = lost || draining + differing_nodes(snapshot) + kept > 0;
  return {.title = "Nodes",
          .tone = odd                        ? Tone::kWarn
                  : snapshot.members.empty() ? Tone::kInfo
                                             : Tone::kOk,
          .state = counted(snapshot.members.size() + kept, "node"),
          .note = html_text(note)};
}

Card targets_card(const Snapshot& snapshot) {
  std::size_t rejected = 0;
  for (const auto& [code, count] : snapshot.targets_rejected) rejected += count;
  std::string note = count_text(snapshot.targets_assigned) + " of them here";
  if (rejected > 0) note += ", " + count_text(rejected) + " rejected";
  if (!snapshot.held_targets.empty()) {
    note += ", " + count_text(snapshot.held_targets.size()) + " held";
  }
  const bool odd = rejected + snapshot.held_targets.size() > 0 || snapshot.targets_discovered == 0;
  return {.title = "Targets",
          .tone = !snapshot.targets_source.synced ? Tone::kBad
                  : odd                           ? Tone::kWarn
                                                  : Tone::kOk,
          .state = counted(snapshot.targets_discovered, "target"),
          .note = html_text(note) + " " + link("targets?state=down", "which are down?")};
}

Card config_card(const Snapshot& snapshot) {
  const double ago = snapshot.time - snapshot.last_reload_success_time;
  const std::string last = snapshot.last_reload_success_time == 0
                               ? "never accepted in this run"
                               : "accepted " + seconds_text(std::max(ago, 0.0)) + " ago";
  if (snapshot.last_refusal) {
    return {.title = "Configuration",
            .tone = Tone::kBad,
            .state = "refused by " + snapshot.last_refusal->who,
            .note = html_text(last)};
  }
  if (!snapshot.last_reload_successful) {
    return {.title = "Configuration",
            .tone = Tone::kWarn,
            .state = "not loaded yet",
            .note = html_text(snapshot.config_pending)};
  }
  return {.title = "Configuration", .state = "in use", .note = html_text(last)};
}

}  // namespace

std::string status_cards(const Snapshot& snapshot, SteadyTime now) {
  const std::string cards = render(lease_card(snapshot, now)) + render(etcd_card(snapshot)) +
                            render(prometheus_card(snapshot)) + render(nodes_card(snapshot)) +
                            render(targets_card(snapshot)) + render(config_card(snapshot));
  return element("ul", {{"class", "cards"}}, cards) + "\n";
}

}  // namespace promster
