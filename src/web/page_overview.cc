#include <algorithm>

#include "web/html.h"
#include "web/page_balance.h"
#include "web/page_cards.h"
#include "web/page_frame.h"
#include "web/page_history.h"
#include "web/page_levels_picture.h"
#include "web/page_parts.h"
#include "web/page_problems.h"
#include "web/page_views.h"

namespace promster {
namespace {

constexpr std::size_t kHeldShown = 5;
constexpr std::size_t kChangesShown = 5;

std::string problem_html(const PageProblem& problem) {
  std::string mend = html_text(problem.mend);
  if (!problem.more_url.empty()) {
    mend += (mend.empty() ? "" : " \u00b7 ") + link(problem.more_url, problem.more_text);
  }
  const std::string_view said = problem.tone == Tone::kBad    ? "Problem: "
                                : problem.tone == Tone::kWarn ? "To look at: "
                                                              : "To know: ";
  std::string html = element("p", {{"class", "what"}},
                             element("span", {{"class", "sr"}}, said) + html_text(problem.what));
  if (!mend.empty()) html += element("p", {{"class", "mend"}}, mend);
  return element("li", {{"class", tone_class(problem.tone)}},
                 symbol(problem.tone) + element("div", {}, html)) +
         "\n";
}

std::string problems_html(const std::vector<PageProblem>& problems) {
  std::string html;
  for (const PageProblem& problem : problems) html += problem_html(problem);
  return html.empty() ? ""
                      : element("ul", {{"class", "problems"}, {"aria-label", "Problems"}}, html);
}

// Is it fine? In one line.
std::string verdict(const Snapshot& snapshot, const std::vector<PageProblem>& problems) {
  const auto of = [&problems](Tone tone) {
    return static_cast<std::size_t>(std::ranges::count(problems, tone, &PageProblem::tone));
  };
  const std::size_t bad = of(Tone::kBad), odd = of(Tone::kWarn);
  const Tone tone = bad > 0 ? Tone::kBad : odd > 0 ? Tone::kWarn : Tone::kOk;
  const std::size_t nodes = snapshot.members.size();
  const std::string share = counted(nodes, "node") + (nodes == 1 ? " shares " : " share ") +
                            counted(snapshot.targets_discovered, "target");
  const std::string all = snapshot.sharding ? share
                                            : counted(snapshot.targets_discovered, "target") +
                                                  ", all scraped by this node";
  const std::string text =
      bad > 0   ? (snapshot.ready() ? "Not well: " : "Not ready: ") + counted(bad, "problem")
      : odd > 0 ? "It works; " + counted(odd, "thing") + (odd == 1 ? " needs" : " need") + " a look"
                : "All is well: " + all;
  return element("h1", {{"class", "verdict " + std::string(tone_class(tone))}},
                 symbol(tone) + html_text(text)) +
         "\n";
}

std::string held_row(const HeldTarget& held) {
  const std::string until = held.until ? "until " + html_time(*held.until) : "without end";
  return element("tr", {},
                 head_cell(element("span", {{"class", "addr"}}, html_text(held.address))) +
                     cell(html_time(held.since)) + cell(until) +
                     cell("down in " + std::to_string(held.down_scrapes) + " of 3 scrapes"));
}

std::string kept_row(const KeptMember& kept) {
  return element("tr", {},
                 head_cell(member_link(kept.name)) + cell(html_time(kept.since)) +
                     cell("until " + html_time(kept.until)) + cell("that it does not answer"));
}

std::string held_back(const Snapshot& snapshot) {
  const std::size_t held = snapshot.held_targets.size();
  if (held + snapshot.kept_members.size() == 0) return "";
  std::string rows;
  for (const KeptMember& kept : snapshot.kept_members) rows += kept_row(kept);
  for (std::size_t i = 0; i < std::min(held, kHeldShown); ++i) {
    rows += held_row(snapshot.held_targets[i]);
  }
  std::string html = table("Gone from etcd, but not let go (times in UTC)",
                           {"What", "Since", "At the longest", "Waits for"}, rows);
  if (held > kHeldShown) {
    html += element("p", {}, link("targets?state=held", "all " + counted(held, "held target")));
  }
  if (held > 0) {
    html += element("p", {{"class", "note"}},
                    "These are this node's own; other nodes hold theirs. To let them go at once "
                    "where they are gone indeed: " +
                        element("code", {}, "promster confirm") + " on each node that holds some.");
  }
  return panel({.title = "Held back", .id = "held"}, html);
}

// What is known without asking etcd: this level, and what it scrapes.
LevelsSeen own_level(const PageContext& context, const Snapshot& snapshot) {
  Level own{.service = snapshot.service.empty() ? "this node" : snapshot.service,
            .members = snapshot.members,
            .scrapes = {context.view.scrape_prefix},
            .depth = 1};
  if (own.members.empty()) {
    own.members.push_back({.name = snapshot.node, .algorithm = kBoundedAlgorithm});
  }
  TargetPrefix source{.prefix = context.view.scrape_prefix,
                      .targets = snapshot.targets_discovered,
                      .feeds = {own.service}};
  return {.levels = {.sources = {source}, .levels = {own}}};
}

std::string levels_panel(const PageContext& context, const Snapshot& snapshot) {
  return panel({.title = "Levels", .id = "levels", .more_url = "levels", .more_text = "all levels"},
               levels_picture(snapshot, own_level(context, snapshot)));
}

std::string history_panel(const Snapshot& snapshot) {
  return panel(
      {.title = "History", .id = "history", .more_url = "history", .more_text = "all changes"},
      changes_html(snapshot, 0, kChangesShown));
}

}  // namespace

std::string render_overview(const PageContext& context, const Snapshot& snapshot, SteadyTime now) {
  const std::vector<PageProblem> problems =
      find_problems(snapshot, context.view.scrape_prefix, now);
  return page_document(
      context, snapshot,
      {.name = "overview",
       .title = snapshot.ready() ? "Overview" : "Not ready",
       .html = verdict(snapshot, problems) + problems_html(problems) + status_cards(snapshot, now) +
               held_back(snapshot) + balance_panel(context, snapshot) +
               levels_panel(context, snapshot) + history_panel(snapshot)});
}

}  // namespace promster
