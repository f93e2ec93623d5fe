#include <algorithm>

#include "web/html.h"
#include "web/page_frame.h"
#include "web/page_levels_picture.h"
#include "web/page_parts.h"
#include "web/page_views.h"

namespace promster {
namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view none) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text.empty() ? std::string(none) : text;
}

// A node's own word for its page: only what a browser may be sent to.
bool is_web_url(const std::string& url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

std::string node_row(const Snapshot& snapshot, const Level& level, const LevelNode& node) {
  const Member& member = node.member;
  const NodeMark mark = node_mark(node);
  const std::string name = is_web_url(member.web)
                               ? link(member.web, member.name, "name")
                               : element("span", {{"class", "name"}}, html_text(member.name));
  return element("tr", {{"class", member.name == snapshot.node ? "self" : ""}},
                 cell(html_text(level.service)) + head_cell(name) +
                     cell(badge(mark.tone, mark.word)) + cell(html_text(member.version)) +
                     cell(prometheus_links(member.name))) +
         "\n";
}

std::string level_row(const Level& level) {
  return element("tr", {},
                 number_cell(std::to_string(level.depth)) + head_cell(html_text(level.service)) +
                     number_cell(count_text(level.members.size())) +
                     cell(html_text(joined(level.scrapes, "not said (an original promster)"))) +
                     cell(html_text(joined(level.feeds, "nobody: the top")))) +
         "\n";
}

std::string source_row(const TargetPrefix& source) {
  return element("tr", {},
                 number_cell("0") + head_cell(html_text(source.prefix)) +
                     number_cell(source.targets ? count_text(*source.targets) : "not known") +
                     cell("") + cell(html_text(joined(source.feeds, "nobody")))) +
         "\n";
}

std::string tables(const Snapshot& snapshot, const LevelsSeen& seen) {
  std::string rows, nodes;
  for (const TargetPrefix& source : seen.levels.sources) rows += source_row(source);
  for (const Level& level : seen.levels.levels) {
    rows += level_row(level);
    for (const LevelNode& node : level_nodes(snapshot, seen, level)) {
      nodes += node_row(snapshot, level, node);
    }
  }
  return panel({.title = "Levels, in words"},
               table("Who scrapes whom",
                     {"#Level", "What", "#Nodes or targets", "Scrapes", "Scraped by"}, rows)) +
         panel({.title = "Nodes"},
               table("Nodes of all levels", {"Level", "Node", "State", "Version", "Prometheus"},
                     nodes));
}

std::string loops_html(const Levels& levels) {
  std::string html;
  for (const std::string& loop : levels.loops) {
    html +=
        element("li", {{"class", "bad"}},
                symbol(Tone::kBad) +
                    element("div", {},
                            element("p", {{"class", "what"}}, html_text(loop)) +
                                element("p", {{"class", "mend"}},
                                        "a loop counts everything again and again; try: another "
                                        "--scrape.etcd-path")));
  }
  return html.empty() ? ""
                      : element("ul", {{"class", "problems"}, {"aria-label", "Problems"}}, html);
}

std::string legend() {
  const auto item = [](Tone tone, const char* glyph, const char* word) {
    return element("span", {{"class", std::string(tone_class(tone))}},
                   element("b", {{"class", "sym"}}, glyph) + " " + word) +
           " ";
  };
  return element("p", {{"class", "legend note"}},
                 item(Tone::kOk, "\u2713", "active") + item(Tone::kWarn, "D", "draining") +
                     item(Tone::kWarn, "K", "kept") + item(Tone::kBad, "\u2717", "down") +
                     item(Tone::kInfo, "L", "other algorithm"));
}

std::string nothing(const std::string& why) {
  return panel({.title = "Levels"}, paragraph("empty", why));
}

std::string content(const PageContext& context, const Snapshot& snapshot,
                    const Result<LevelsSeen>& seen) {
  if (context.view.registry_prefix.empty()) {
    return nothing("No registry is set, so no levels are known; try: --registry.etcd-url");
  }
  if (!seen) return nothing("The levels could not be read: " + seen.error().message);
  const Levels& levels = seen->levels;
  if (levels.levels.empty()) {
    return nothing("No node is registered at revision " + std::to_string(levels.revision) + ".");
  }
  const Panel head{.title = "Levels",
                   .id = "levels",
                   .figures = {{"levels", count_text(levels.levels.size())},
                               {"revision", std::to_string(levels.revision)}}};
  return loops_html(levels) + panel(head, levels_picture(snapshot, *seen) + legend()) +
         tables(snapshot, *seen);
}

}  // namespace

std::string render_levels(const PageContext& context, const Snapshot& snapshot,
                          const Result<LevelsSeen>& seen) {
  return page_document(
      context, snapshot,
      {.name = "levels",
       .title = "Levels",
       .html = element("h1", {}, "Who scrapes whom?") + "\n" + content(context, snapshot, seen)});
}

}  // namespace promster
