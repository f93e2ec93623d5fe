#include <algorithm>

#include "core/explain.h"
#include "core/shard_algorithm.h"
#include "web/html.h"
#include "web/page_frame.h"
#include "web/page_parts.h"
#include "web/page_views.h"

namespace promster {
namespace {

std::string fact(std::string_view name, std::string_view html) {
  return element("div", {}, element("dt", {}, name) + element("dd", {}, html));
}

std::string links_of(const std::vector<std::string>& names) {
  std::string html;
  for (const std::string& name : names) html += (html.empty() ? "" : ", ") + member_link(name);
  return html.empty() ? "nobody" : html;
}

std::string owners_html(const Snapshot& snapshot, const ExplainedRow& row) {
  std::string html;
  for (const std::string& owner : row.told.owners) {
    html += element("div", {},
                    element("b", {}, member_link(owner)) + " " + member_marks(snapshot, owner) +
                        prometheus_links(owner));
  }
  return html;
}

std::string also_html(const std::vector<std::string>& keys) {
  std::string html;
  for (const std::string& key : keys) html += target_link(key, key) + " ";
  return html;
}

std::string facts_html(const Snapshot& snapshot, const ExplainedRow& row) {
  const Explanation& told = row.told;
  std::string html =
      fact("Owner", owners_html(snapshot, row)) + fact("Why", html_text(told.why, 8000) + ".");
  for (const auto& [owner, heirs] : told.without) {
    html += fact("If " + html_text(owner) + " dies", links_of(heirs));
  }
  if (row.health) html += fact("Its last scrape", health_badge(row.health));
  html += fact("Labels", labels_html(row.target.labels)) +
          fact("etcd key", element("code", {}, html_text(row.target.key)));
  if (!row.also.empty()) html += fact("Same address", also_html(row.also));
  html += fact("Algorithm", algorithm_name(told.algorithm)) +
          fact("At revision", std::to_string(row.revision));
  return element("dl", {{"class", "facts"}}, html);
}

std::string scores_html(const Explanation& told) {
  std::string rows;
  for (const MemberScore& score : told.scores) {
    const std::string state = score.owner                       ? badge(Tone::kOk, "owner")
                              : score.member == told.next_owner ? badge(Tone::kInfo, "next owner")
                              : score.load >= told.capacity     ? "full"
                                                                : "";
    rows +=
        element("tr", {{"class", score.owner ? "self" : ""}},
                head_cell(member_link(score.member)) + number_cell(fixed_text(score.score, 4)) +
                    element("td", {{"class", "wide"}},
                            bar(score.score, std::nullopt, score.owner ? Tone::kOk : Tone::kInfo)) +
                    number_cell(count_text(score.load)) + cell(state)) +
        "\n";
  }
  const std::string what =
      told.algorithm == ShardAlgorithm::kLegacy
          ? "How near the next point of a node on the ring is, 1 being the nearest"
          : "How much this target and a node wish for each other, 0 to 1; one may "
            "have " +
                counted(told.capacity, "target") + " at the most";
  return table(what, {"Node", "#Score", "Bar", "#Its targets", "State"}, rows);
}

std::string nothing(const std::string& target, const NoExplanation& why) {
  std::string html = paragraph("empty", why.message + ".");
  if (!target.empty()) {
    html += element("p", {}, link("targets?q=" + url_value(target), "search for " + target));
  }
  return panel({.title = "Owner"}, html);
}

}  // namespace

std::string render_explain(const PageContext& context, const Snapshot& snapshot,
                           const std::string& target,
                           const Result<ExplainedRow, NoExplanation>& row) {
  const std::string shown = row ? row->target.address : target;
  const std::string title = shown.empty() ? "Who scrapes it?" : "Who scrapes " + shown + "?";
  std::string html = element("h1", {}, html_text(title)) + "\n";
  if (row) {
    html += panel({.title = "Owner"}, facts_html(snapshot, *row)) +
            panel({.title = "Scores"}, scores_html(row->told));
  } else {
    html += nothing(target, row.error());
  }
  return page_document(context, snapshot, {.name = "explain", .title = title, .html = html});
}

}  // namespace promster
