#include <algorithm>
#include <array>

#include "web/html.h"
#include "web/page_frame.h"
#include "web/page_parts.h"
#include "web/page_views.h"

namespace promster {
namespace {

struct Choice {
  TargetFilter filter;
  std::string_view word, title;
};
constexpr std::array<Choice, 7> kChoices{{{TargetFilter::kAny, "", "any state"},
                                          {TargetFilter::kDown, "down", "down"},
                                          {TargetFilter::kUp, "up", "up"},
                                          {TargetFilter::kUnknown, "unknown", "not known"},
                                          {TargetFilter::kMoving, "moving", "changing hands here"},
                                          {TargetFilter::kHeld, "held", "held here"},
                                          {TargetFilter::kRejected, "rejected", "rejected"}}};

std::string_view filter_word(TargetFilter filter) {
  return std::ranges::find(kChoices, filter, &Choice::filter)->word;
}

std::string option(std::string_view value, std::string_view title, bool chosen) {
  // The attribute of an empty value must be there, else the title would be the value.
  return "<option value=\"" + html_text(value) + (chosen ? "\" selected=\"selected\">" : "\">") +
         html_text(title) + "</option>";
}

std::string select(std::string_view name, std::string_view title, std::string_view options) {
  return element("label", {},
                 element("span", {}, title) + element("select", {{"name", name}}, options));
}

std::string filter_form(const Snapshot& snapshot, const TargetsQuestion& question) {
  std::string owners = option("", "any owner", question.query.owner.empty());
  for (const std::string& name : snapshot.cluster->sharing.members) {
    owners += option(name, name, name == question.query.owner);
  }
  std::string states;
  for (const Choice& choice : kChoices) {
    states += option(choice.word, choice.title, choice.filter == question.filter);
  }
  const std::string words = element(
      "label", {{"class", "long"}},
      element("span", {}, "Words, all of which are in address, key, labels or owner") +
          void_element("input",
                       {{"name", "q"}, {"type", "search"}, {"value", question.query.words}}));
  return element("form", {{"class", "fields"}, {"action", "targets"}, {"method", "get"}},
                 words + select("owner", "Owner", owners) + select("state", "State", states) +
                     element("button", {}, "Show"));
}

std::string state_html(const TargetRow& row) {
  std::string html;
  if (row.state == TargetRow::State::kMoving) html += badge(Tone::kInfo, "changes hands") + " ";
  if (row.state == TargetRow::State::kHeld) {
    html += badge(Tone::kWarn, "held") + " " + html_text(row.reason);
  }
  if (row.state == TargetRow::State::kRejected) {
    html += badge(Tone::kBad, "rejected") + " " + html_text(row.reason);
  }
  return html + health_badge(row.health);
}

std::string row_html(const TargetRow& row) {
  std::string owners;
  for (const std::string& owner : row.owners) owners += member_link(owner) + " ";
  const bool listed =
      row.state == TargetRow::State::kAssigned || row.state == TargetRow::State::kMoving;
  const std::string name =
      listed ? target_link(row.address, row.key)
             : element("span", {{"class", "addr"}},
                       html_text(row.state == TargetRow::State::kRejected ? row.key : row.address));
  return element("tr", {},
                 head_cell(name) + cell(labels_html(row.labels)) + cell(owners) +
                     cell(state_html(row))) +
         "\n";
}

std::string page_url(const TargetsQuestion& question, std::size_t offset) {
  const TargetQuery& query = question.query;
  std::string url = "targets?offset=" + std::to_string(offset);
  if (!query.words.empty()) url += "&q=" + url_value(query.words);
  if (!query.owner.empty()) url += "&owner=" + url_value(query.owner);
  const std::string_view state = filter_word(question.filter);
  if (!state.empty()) url += "&state=" + std::string(state);
  return question.health ? url + "&health=true" : url;
}

// A node that does not answer would keep the page waiting, so the owners are asked on demand.
std::string health_link(const TargetsQuestion& question, const TargetsPage& page) {
  const bool shown =
      std::ranges::any_of(page.rows, [](const TargetRow& row) { return row.health.has_value(); });
  if (question.health || shown || page.rows.empty()) return "";
  TargetsQuestion asked = question;
  asked.health = true;
  return element("p", {{"class", "note"}},
                 element("a", {{"href", page_url(asked, page.offset)}},
                         "Ask the owners' Prometheus servers how these are"));
}

std::string pager(const TargetsQuestion& question, const TargetsPage& page) {
  const std::size_t last = page.offset + page.rows.size();
  std::string html;
  if (page.offset > 0) {
    const std::size_t before = page.offset - std::min(page.offset, page.limit);
    html += element("a", {{"rel", "prev"}, {"href", page_url(question, before)}}, "\u2190 before") +
            " ";
  }
  html += element("span", {},
                  count_text(page.offset + 1) + "\u2013" + count_text(last) + " of " +
                      count_text(page.total)) +
          " ";
  if (last < page.total) {
    html += element("a", {{"rel", "next"}, {"href", page_url(question, last)}}, "next \u2192");
  }
  return element("nav", {{"class", "pager"}, {"aria-label", "Pages"}}, html);
}

std::string not_asked(const TargetsPage& page) {
  if (page.not_asked.empty()) return "";
  std::string html;
  for (const auto& [owner, reason] : page.not_asked) {
    html += element("li", {}, html_text(owner + ": " + reason));
  }
  return paragraph("note", "Did not say how its targets are:") + element("ul", {}, html);
}

}  // namespace

std::string render_targets(const PageContext& context, const Snapshot& snapshot,
                           const TargetsQuestion& question, const TargetsPage& page) {
  std::string lines;
  for (const TargetRow& row : page.rows) lines += row_html(row);
  const std::string caption = count_text(page.total) + " found; etcd lists " +
                              counted(snapshot.targets_discovered, "target") + ", by etcd key";
  const std::string list =
      lines.empty()
          ? paragraph("empty", "Nothing to show: " + page.empty_because + ".")
          : table(caption, {"Target", "Labels", "Owner", "State"}, lines) + pager(question, page);
  return page_document(
      context, snapshot,
      {.name = "targets",
       .title = "Targets",
       .words = question.query.words,
       .html = element("h1", {}, "Who scrapes what?") + "\n" +
               panel({.title = "Targets",
                      .figures = {{"revision", std::to_string(page.revision)},
                                  {"found in", seconds_text(page.search_seconds)}}},
                     filter_form(snapshot, question) + list + health_link(question, page) +
                         not_asked(page))});
}

}  // namespace promster
