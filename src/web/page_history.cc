#include "web/page_history.h"

#include <algorithm>

#include "web/api_history.h"
#include "web/html.h"
#include "web/page_frame.h"
#include "web/page_parts.h"
#include "web/page_views.h"

namespace promster {
namespace {

constexpr std::size_t kPerPage = 100;
constexpr std::size_t kMovesShown = 20;

std::string owner_html(const std::string& name, std::string_view nobody) {
  return name.empty() ? std::string(nobody) : member_link(name);
}

std::string moves_html(const ClusterChange& change) {
  if (change.moves.empty()) return "";
  std::string rows;
  for (std::size_t i = 0; i < std::min(change.moves.size(), kMovesShown); ++i) {
    const MoveCount& move = change.moves[i];
    rows += element("tr", {},
                    cell(owner_html(move.from, "nobody (new)")) +
                        cell(owner_html(move.to, "nobody (gone)")) +
                        number_cell(count_text(move.targets)));
  }
  const std::size_t rest = change.moves.size() - std::min(change.moves.size(), kMovesShown);
  return table("Moves" + (rest > 0 ? ", and " + count_text(rest) + " smaller ones" : ""),
               {"From", "To", "#Targets"}, rows);
}

std::string examples_html(const ClusterChange& change) {
  if (change.examples.empty()) return "";
  std::string rows;
  for (const MovedTarget& moved : change.examples) {
    rows += element(
        "tr", {},
        head_cell(link("explain?target=" + url_value(moved.address), moved.address, "addr")) +
            cell(owner_html(moved.from, "nobody (new)")) +
            cell(owner_html(moved.to, "nobody (gone)")));
  }
  return table("Targets that moved, the first of them", {"Target", "From", "To"}, rows);
}

std::string members_html(const ClusterChange& change) {
  std::string html;
  for (const MemberChange& member : change.members) {
    html += element("li", {},
                    member_link(member.member) + " " + std::string(change_word(member.kind)) +
                        (member.reason.empty() ? "" : " (" + html_text(member.reason) + ")"));
  }
  return html.empty() ? "" : element("ul", {}, html);
}

std::string timing(const ClusterChange& change) {
  std::string text = "Revision " + std::to_string(change.revision);
  text += change.written_seconds
              ? ", in the target file here after " + seconds_text(*change.written_seconds)
              : ", not in the target file here yet";
  return text + (change.settled_seconds
                     ? ", scraped so here after " + seconds_text(*change.settled_seconds) + "."
                     : ", not seen scraped so here yet.");
}

std::string change_html(const ClusterChange& change, std::string_view node) {
  const std::string note =
      element("span", {{"class", "note"}}, " revision " + std::to_string(change.revision));
  const std::string head =
      html_time(change.time) + " " +
      element("span", {{"class", "said"}}, html_text(change_summary(change, node))) + note;
  const std::string more = paragraph("note", timing(change)) + members_html(change) +
                           moves_html(change) + examples_html(change);
  return element(
             "li", {{"id", "change-" + std::to_string(change.id)}},
             element("details", {},
                     element("summary", {}, head) + element("div", {{"class", "more-of"}}, more))) +
         "\n";
}

std::string pager(std::size_t total, std::size_t offset) {
  std::string html;
  if (offset > 0) {
    html +=
        element("a",
                {{"rel", "prev"},
                 {"href", "history?offset=" + std::to_string(offset - std::min(offset, kPerPage))}},
                "\u2190 newer") +
        " ";
  }
  if (offset + kPerPage < total) {
    html += element(
        "a", {{"rel", "next"}, {"href", "history?offset=" + std::to_string(offset + kPerPage)}},
        "older \u2192");
  }
  return html.empty() ? "" : element("nav", {{"class", "pager"}, {"aria-label", "Pages"}}, html);
}

}  // namespace

std::string changes_html(const Snapshot& snapshot, std::size_t offset, std::size_t limit) {
  const History::Changes& changes = *snapshot.changes;
  if (offset >= changes.size()) {
    const std::string why = changes.empty() ? "Nothing changed " : "There is nothing older ";
    return element("p", {{"class", "empty"}}, why + since_start(snapshot) + ".");
  }
  std::string html;
  for (std::size_t i = offset; i < std::min(changes.size(), offset + limit); ++i) {
    html += change_html(*changes[changes.size() - 1 - i], snapshot.node);
  }
  return element("ol", {{"class", "log"}}, html);
}

std::string render_history(const PageContext& context, const Snapshot& snapshot,
                           std::size_t offset) {
  const std::size_t total = snapshot.changes->size();
  const std::string list = changes_html(snapshot, offset, kPerPage) + pager(total, offset);
  return page_document(
      context, snapshot,
      {.name = "history",
       .title = "History",
       .html = element("h1", {}, "What happened?") + "\n" +
               panel({.title = "Changes, the newest first",
                      .figures = {{"changes", count_text(total)}, {"times", "UTC"}}},
                     list)});
}

}  // namespace promster
