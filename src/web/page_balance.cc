#include "web/page_balance.h"

#include <algorithm>

#include "web/api_nodes.h"
#include "web/html.h"
#include "web/page_frame.h"
#include "web/page_parts.h"
#include "web/page_views.h"

namespace promster {
namespace {

// How the bars are drawn.
struct Scale {
  double full = 1;  // targets of the longest that there can be
  double fair = 0;

  explicit Scale(const ClusterPicture& picture) : fair(cluster_balance(picture).fair) {
    const bool bounded = picture.algorithm == ShardAlgorithm::kBounded;
    const std::size_t capacity = bounded ? cluster_capacity(picture) : 0;
    full = static_cast<double>(std::max({cluster_balance(picture).most, capacity, std::size_t{1}}));
  }

  std::string bar_of(std::size_t targets) const {
    return bar(static_cast<double>(targets) / full, fair / full);
  }
};

Panel heading(const ClusterPicture& picture) {
  const Balance balance = cluster_balance(picture);
  Panel result{.title = "Balance",
               .id = "balance",
               .figures = {{"fair share", share_text(balance.fair)},
                           {"most", count_text(balance.most)},
                           {"least", count_text(balance.least)},
                           {"most / mean", fixed_text(balance.max_over_mean, 2)}}};
  if (picture.algorithm == ShardAlgorithm::kBounded && cluster_capacity(picture) > 0) {
    result.figures.emplace_back("capacity", count_text(cluster_capacity(picture)));
  }
  return result;
}

std::string bar_item(const Snapshot& snapshot, const NodeRow& row, const Scale& scale) {
  const std::string marks = member_marks(snapshot, row.member.name);
  return element("li", {{"class", row.self ? "self" : ""}},
                 member_link(row.member.name) + " " + scale.bar_of(row.targets) +
                     element("span", {{"class", "n"}}, count_text(row.targets)) + " " +
                     (marks.empty() ? "" : element("span", {{"class", "mark"}}, marks))) +
         "\n";
}

std::string node_row_html(const Snapshot& snapshot, const NodeRow& row, const Scale& scale) {
  const double of_fair = scale.fair > 0 ? static_cast<double>(row.targets) / scale.fair * 100 : 0;
  const std::string& name = row.member.name;
  return element("tr", {{"class", row.self ? "self" : ""}},
                 head_cell(member_link(name)) + number_cell(count_text(row.targets)) +
                     number_cell(fixed_text(of_fair, 0) + " %") +
                     element("td", {{"class", "wide"}}, scale.bar_of(row.targets)) +
                     cell(member_marks(snapshot, name)) + cell(prometheus_links(name))) +
         "\n";
}

std::string nodes_table(const Snapshot& snapshot, const std::vector<NodeRow>& nodes) {
  const Scale scale(*snapshot.cluster);
  std::string rows;
  for (const NodeRow& node : nodes) rows += node_row_html(snapshot, node, scale);
  const std::string caption = "Targets a node at revision " +
                              std::to_string(snapshot.cluster->revision) +
                              "; the dashed line is the fair share";
  return table(caption, {"Node", "#Targets", "#Of fair share", "Bar", "State", "Prometheus"}, rows);
}

std::string nothing(const PageContext& context, const Snapshot& snapshot) {
  return panel({.title = "Balance", .id = "balance"},
               paragraph("empty", no_nodes_reason(snapshot, context.view)));
}

}  // namespace

std::string balance_panel(const PageContext& context, const Snapshot& snapshot) {
  const std::vector<NodeRow> nodes = node_rows(snapshot);
  if (nodes.empty()) return nothing(context, snapshot);
  Panel head = heading(*snapshot.cluster);
  head.more_url = "balance";
  head.more_text = "what if\u2026";
  const Scale scale(*snapshot.cluster);
  std::string items;
  for (const NodeRow& node : nodes) items += bar_item(snapshot, node, scale);
  return panel(head, element("ol", {{"class", "bars"}}, items));
}

std::string render_balance(const PageContext& context, const Snapshot& snapshot,
                           const WhatIf& what_if) {
  const std::vector<NodeRow> nodes = node_rows(snapshot);
  Panel head = heading(*snapshot.cluster);
  if (!what_if.answer) head.more_url = "#what-if";
  head.more_text = "what if\u2026";
  const std::string now =
      nodes.empty() ? nothing(context, snapshot) : panel(head, nodes_table(snapshot, nodes));
  const std::string then = nodes.empty() ? "" : what_if_panel(snapshot, what_if);
  const std::string html = what_if.answer ? then + now : now + then;
  return page_document(context, snapshot,
                       {.name = "balance",
                        .title = "Balance",
                        .html = element("h1", {}, "Is it balanced?") + "\n" + html});
}

}  // namespace promster
