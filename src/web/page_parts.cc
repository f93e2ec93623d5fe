#include "web/page_parts.h"

#include <algorithm>

#include "web/html.h"

namespace promster {
namespace {

std::string percent(double share) {
  return fixed_text(std::clamp(share, 0.0, 1.0) * 100, 1) + "%";
}

std::string figures_html(const Panel& panel) {
  std::string html;
  for (const auto& [name, value] : panel.figures) {
    html +=
        element("div", {},
                element("dt", {}, html_text(name)) + " " + element("dd", {}, html_text(value))) +
        " ";
  }
  return html.empty() ? "" : element("dl", {{"class", "figures"}}, html);
}

}  // namespace

std::string panel(const Panel& panel, std::string_view html) {
  std::string head = element("h2", {}, html_text(panel.title)) + " " + figures_html(panel);
  if (!panel.more_url.empty()) head += link(panel.more_url, panel.more_text, "more");
  return element("section", {{"class", "panel"}, {"id", panel.id}},
                 element("div", {{"class", "head"}}, head) + std::string(html)) +
         "\n";
}

std::string table(const std::string& caption, const std::vector<std::string>& columns,
                  std::string_view rows) {
  std::string heads;
  for (const std::string& column : columns) {
    const bool number = column.starts_with('#');
    heads += element("th", {{"scope", "col"}, {"class", number ? "num" : ""}},
                     html_text(number ? column.substr(1) : column));
  }
  const std::string html = element("caption", {}, html_text(caption)) +
                           element("thead", {}, element("tr", {}, heads)) + "\n" +
                           element("tbody", {}, rows);
  return element(
      "div", {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", caption}},
      element("table", {}, html));
}

std::string cell(std::string_view html) {
  return element("td", {}, html) + " ";
}

std::string number_cell(std::string_view text) {
  return element("td", {{"class", "num"}}, html_text(text)) + " ";
}

std::string head_cell(std::string_view html) {
  return element("th", {{"scope", "row"}}, html) + " ";
}

std::string symbol(Tone tone) {
  return element("span", {{"class", "sym"}, {"aria-hidden", "true"}}, tone_symbol(tone)) + " ";
}

std::string badge(Tone tone, std::string_view word) {
  return element("span", {{"class", "badge " + std::string(tone_class(tone))}},
                 symbol(tone) + html_text(word));
}

std::string paragraph(std::string_view kind, std::string_view text) {
  return element("p", {{"class", kind}}, html_text(text)) + "\n";
}

std::string bar(double share, std::optional<double> line, Tone tone) {
  const std::string kind = tone == Tone::kInfo ? "fill" : "fill " + std::string(tone_class(tone));
  std::string html =
      void_element("rect", {{"class", "back"}, {"width", "100%"}, {"height", "14"}}) +
      void_element("rect", {{"class", kind}, {"width", percent(share)}, {"height", "14"}});
  if (line) {
    const std::string at = percent(*line);
    html += void_element("line", {{"class", "fair"}, {"x1", at}, {"x2", at}, {"y2", "14"}});
  }
  return element("svg", {{"class", "bar"}, {"aria-hidden", "true"}}, html);
}

std::string link(std::string_view url, std::string_view text, std::string_view kind) {
  return element("a", {{"class", kind}, {"href", url}}, html_text(text));
}

std::string member_link(std::string_view name) {
  return link("targets?owner=" + url_value(name), name, "name");
}

std::string target_link(std::string_view address, std::string_view key) {
  return link("explain?target=" + url_value(key), address, "addr");
}

std::string prometheus_links(std::string_view name) {
  const std::string base = "http://" + std::string(name);
  const std::string of = " of the Prometheus of " + std::string(name);
  return element("a", {{"href", base + "/targets"}, {"aria-label", "targets" + of}}, "targets") +
         " " +
         element("a", {{"href", base + "/classic/targets"}, {"aria-label", "classic targets" + of}},
                 "classic");
}

std::string labels_html(const Labels& labels) {
  std::string html;
  for (const auto& [name, value] : labels.pairs()) {
    html += element("span", {{"class", "label"}},
                    html_text(name) + "=" + element("b", {}, html_text(value, 256))) +
            " ";
  }
  return element("span", {{"class", "labels"}}, html);
}

std::string health_badge(const std::optional<TargetHealth>& health) {
  if (!health) return "";
  const std::string error = health->error.empty() ? "" : " " + html_text(health->error);
  if (health->state == TargetHealth::State::kUp) return badge(Tone::kOk, "up");
  if (health->state == TargetHealth::State::kDown) return badge(Tone::kBad, "down") + error;
  return badge(Tone::kInfo, "not known") + error;
}

std::string since_start(const Snapshot& snapshot) {
  const std::string time = snapshot.started > 0 ? ", " + html_time(snapshot.started) + " UTC" : "";
  return "since this run began" + time;
}

const KeptMember* find_kept(const Snapshot& snapshot, std::string_view name) {
  const auto found = std::ranges::find(snapshot.kept_members, name, &KeptMember::name);
  return found == snapshot.kept_members.end() ? nullptr : &*found;
}

std::string member_marks(const Snapshot& snapshot, std::string_view name) {
  std::string html;
  if (name == snapshot.node) html += badge(Tone::kInfo, "this node") + " ";
  if (find_kept(snapshot, name) != nullptr) html += badge(Tone::kWarn, "kept") + " ";
  const auto member = std::ranges::find(snapshot.members, name, &Member::name);
  if (member == snapshot.members.end()) return html;
  if (member->state == MemberState::kDraining) html += badge(Tone::kWarn, "draining") + " ";
  if (member->algorithm != kBoundedAlgorithm) {
    html += badge(Tone::kInfo, member->algorithm.empty() ? "legacy ring" : member->algorithm) + " ";
  }
  return html;
}

}  // namespace promster
