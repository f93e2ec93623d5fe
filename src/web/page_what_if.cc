#include "web/page_what_if.h"

#include <algorithm>
#include <map>

#include "web/html.h"
#include "web/page_parts.h"

namespace promster {
namespace {

constexpr std::size_t kMovesShown = 30;

std::string field(std::string_view name, std::string_view title, std::string_view value,
                  std::string_view hint, std::string_view list, std::string_view kind) {
  return element(
      "label", {{"class", kind}},
      element("span", {}, title) +
          void_element("input",
                       {{"name", name}, {"value", value}, {"placeholder", hint}, {"list", list}}));
}

std::string form_html(const Snapshot& snapshot, const WhatIf& what_if) {
  std::string options;
  for (const std::string& name : snapshot.cluster->sharing.members) {
    options += void_element("option", {{"value", name}});
  }
  return element("form", {{"class", "fields"}, {"action", "balance"}, {"method", "get"}},
                 field("add", "Nodes that come: how many, or names", what_if.add, "1", "", "") +
                     field("remove", "Nodes that go: names, with commas between", what_if.remove,
                           "10.0.0.2:9090", "nodes", "long") +
                     element("datalist", {{"id", "nodes"}}, options) +
                     element("button", {}, "What if?"));
}

std::map<std::string, std::size_t> load_of(const Sharing& sharing) {
  std::map<std::string, std::size_t> loads;
  const std::vector<std::size_t> load = sharing.assignment.load();
  for (std::size_t i = 0; i < sharing.members.size(); ++i) loads[sharing.members[i]] = load[i];
  return loads;
}

std::string side_cell(const std::map<std::string, std::size_t>& loads, const std::string& name) {
  const auto found = loads.find(name);
  return number_cell(found == loads.end() ? "\u2013" : count_text(found->second));
}

std::string change_text(std::size_t before, std::size_t after) {
  if (before == after) return "0";
  return after > before ? "+" + count_text(after - before) : "\u2212" + count_text(before - after);
}

std::string loads_table(const WhatIfAnswer& answer) {
  const auto before = load_of(answer.before), after = load_of(answer.after);
  std::map<std::string, std::size_t> all = before;
  all.insert(after.begin(), after.end());
  const double scale = static_cast<double>(
      std::max({answer.balance_before.most, answer.balance_after.most, std::size_t{1}}));
  const auto at = [](const auto& loads, const std::string& name) {
    const auto found = loads.find(name);
    return found == loads.end() ? std::size_t{0} : found->second;
  };
  std::string rows;
  for (const auto& [name, ignored] : all) {
    const std::string state = !before.contains(name)  ? badge(Tone::kInfo, "comes")
                              : !after.contains(name) ? badge(Tone::kInfo, "goes")
                                                      : "";
    const double share = static_cast<double>(at(after, name)) / scale;
    rows += element("tr", {},
                    head_cell(element("span", {{"class", "name"}}, html_text(name))) +
                        side_cell(before, name) + side_cell(after, name) +
                        number_cell(change_text(at(before, name), at(after, name))) +
                        element("td", {{"class", "wide"}},
                                bar(share, answer.balance_after.fair / scale)) +
                        cell(state)) +
            "\n";
  }
  return table("Targets a node before and after; bars and fair share as they would be",
               {"Node", "#Before", "#After", "#Change", "Bar", "State"}, rows);
}

std::string moves_table(const std::vector<MoveCount>& moves) {
  if (moves.empty()) return paragraph("empty", "No target would change hands.");
  const std::size_t shown = std::min(moves.size(), kMovesShown);
  std::string rows;
  for (std::size_t i = 0; i < shown; ++i) {
    rows += element("tr", {},
                    cell(html_text(moves[i].from)) + cell(html_text(moves[i].to)) +
                        number_cell(count_text(moves[i].targets)));
  }
  const std::string which = shown == moves.size() ? "Moves"
                                                  : "The largest " + count_text(shown) + " of " +
                                                        counted(moves.size(), "move");
  return table(which + ", from whom to whom", {"From", "To", "#Targets"}, rows);
}

std::string outcome(const SimulatedChange& change, std::size_t targets) {
  const WhatIfAnswer& answer = change.answer;
  const auto figure = [](const char* name, const std::string& value) {
    return element("div", {}, element("dt", {}, name) + " " + element("dd", {}, html_text(value)));
  };
  const auto both = [](const std::string& before, const std::string& after) {
    return before + " \u2192 " + after;
  };
  const Balance& before = answer.balance_before;
  const Balance& after = answer.balance_after;
  const double part =
      targets == 0 ? 0 : static_cast<double>(answer.moved) / static_cast<double>(targets) * 100;
  const std::string figures =
      figure("targets that move", count_text(answer.moved) + " (" + fixed_text(part, 1) +
                                      " %); the fewest possible: " + fewest_text(answer.fewest)) +
      figure("fair share", both(share_text(before.fair), share_text(after.fair))) +
      figure("most", both(count_text(before.most), count_text(after.most))) +
      figure("least", both(count_text(before.least), count_text(after.least))) +
      figure("most / mean",
             both(fixed_text(before.max_over_mean, 2), fixed_text(after.max_over_mean, 2)));
  return element("dl", {{"class", "figures"}}, figures) + "\n" +
         element("div", {{"class", "pair"}},
                 element("div", {}, loads_table(answer)) +
                     element("div", {}, moves_table(change.moves)));
}

// A wrong question is for whoever asked it: nothing is bad.
std::string objection(const std::string& message) {
  const std::size_t end = std::min(message.find("; try: "), message.size());
  const std::string mend = end == message.size() ? "" : message.substr(end + 2);
  const std::string what =
      element("span", {{"class", "sr"}}, "To look at: ") + html_text(message.substr(0, end));
  return element(
      "ul", {{"class", "problems"}, {"aria-label", "Problems"}},
      element("li", {{"class", "warn"}},
              symbol(Tone::kWarn) + element("div", {},
                                            element("p", {{"class", "what"}}, what) +
                                                (mend.empty() ? "" : paragraph("mend", mend)))));
}

}  // namespace

std::string what_if_panel(const Snapshot& snapshot, const WhatIf& what_if) {
  std::string html = form_html(snapshot, what_if);
  if (!what_if.answer) {
    html += paragraph("note", "Only computed; nothing changes.");
  } else if (const auto& answer = *what_if.answer; answer) {
    html += outcome(*answer, snapshot.cluster->targets.size());
  } else {
    html += objection(answer.error().message);
  }
  return panel({.title = "What if nodes came or went?", .id = "what-if"}, html);
}

}  // namespace promster
