#include "web/page_frame.h"

#include <array>
#include <utility>

#include "base/version.h"
#include "web/html.h"
#include "web/page_parts.h"

namespace promster {
namespace {

std::string head(const PageContext& context, const Snapshot& snapshot, const PageView& view) {
  const std::string title = view.title + " \u00b7 " + snapshot.service +
                            (snapshot.service.empty() ? "" : " ") + snapshot.node +
                            " \u00b7 promster";
  std::string html = void_element("meta", {{"charset", "utf-8"}}) +
                     void_element("meta", {{"name", "viewport"},
                                           {"content", "width=device-width, initial-scale=1"}}) +
                     void_element("meta", {{"name", "color-scheme"}, {"content", "light dark"}}) +
                     element("title", {}, html_text(title));
  if (!context.icon.empty())
    html += void_element("link", {{"rel", "icon"}, {"href", context.icon}});
  if (!context.first_script.empty()) {
    html += element("script", {{"src", context.first_script}}, "");
  }
  if (!context.style.empty()) {
    html += void_element("link", {{"rel", "stylesheet"}, {"href", context.style}});
  }
  if (!context.script.empty()) {
    html += element("script", {{"type", "module"}, {"src", context.script}}, "");
  }
  return element("head", {}, html) + "\n";
}

std::string search_form(const PageView& view) {
  const std::string label =
      element("label", {{"class", "sr"}, {"for", "search"}}, "Search targets");
  const std::string input = void_element("input", {{"id", "search"},
                                                   {"name", "q"},
                                                   {"type", "search"},
                                                   {"placeholder", "address, label or owner"},
                                                   {"autocomplete", "off"},
                                                   {"value", view.words}});
  return element("form",
                 {{"class", "find"}, {"role", "search"}, {"action", "targets"}, {"method", "get"}},
                 label + input + element("button", {}, "Search"));
}

std::string banner(const Snapshot& snapshot, const PageView& view) {
  const std::string service =
      snapshot.service.empty() ? "" : element("b", {}, html_text(snapshot.service)) + " ";
  const std::string who = service + element("span", {{"class", "addr"}}, html_text(snapshot.node));
  const std::string live =
      element("span", {{"id", "live"}, {"class", "mark"}},
              snapshot.time > 0 ? "as of " + html_time(snapshot.time) + " UTC" : "starting");
  return element("header", {{"class", "top"}},
                 element("p", {{"class", "brand"}},
                         link("./", "promster") + " " + element("span", {{"class", "who"}}, who)) +
                     search_form(view) + element("div", {{"id", "tools"}}, live)) +
         "\n";
}

std::string tabs(const PageView& view) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kTabs{
      {{"overview", "Overview"},
       {"targets", "Targets"},
       {"balance", "Balance"},
       {"levels", "Levels"},
       {"history", "History"},
       {"reloads", "Reloads"},
       {"settings", "Settings"}}};
  std::string items;
  for (const auto& [name, title] : kTabs) {
    const bool here = name == view.name || (name == "targets" && view.name == "explain");
    const std::string_view current = name == view.name ? "page" : here ? "true" : "";
    items += element(
        "li", {},
        element("a", {{"href", name == "overview" ? "./" : name}, {"aria-current", current}},
                title));
  }
  return element("nav", {{"class", "tabs"}, {"aria-label", "Views"}}, element("ul", {}, items)) +
         "\n";
}

std::string foot() {
  return element("footer", {{"class", "foot"}},
                 element("span", {}, html_text(std::string("promster ") + kVersion)) + " " +
                     link("metrics", "Metrics") + " " + link("-/ready", "Readiness") + " " +
                     link("-/healthy", "Health") + " " + link("api/v1/openapi.yaml", "API"));
}

}  // namespace

std::string page_document(const PageContext& context, const Snapshot& snapshot,
                          const PageView& view) {
  const std::string skip =
      element("a", {{"class", "skip"}, {"href", "#app"}}, "Skip to the content");
  const std::string main =
      element("main", {{"id", "app"}, {"data-view", view.name}, {"tabindex", "-1"}}, view.html);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n" + head(context, snapshot, view) +
         element("body", {},
                 skip + "\n" + banner(snapshot, view) + tabs(view) + main + "\n" + foot()) +
         "\n</html>\n";
}

}  // namespace promster
