#include "web/html.h"
#include "web/page_frame.h"
#include "web/page_parts.h"
#include "web/page_views.h"

namespace promster {
namespace {

constexpr std::size_t kMostShown = 64 << 10;  // of a file

std::string code(std::string_view text) {
  return element("code", {}, html_text(text, 4000));
}

std::string settings_html(const PageContext& context) {
  if (context.view.settings.empty()) {
    return paragraph("empty", "The settings are not told to this page; try: promster config");
  }
  std::string rows;
  for (const ShownSetting& setting : context.view.settings) {
    const bool given = setting.source != "default";
    rows += element("tr", {},
                    head_cell(code(setting.name)) +
                        cell(setting.value.empty() ? "" : code(setting.value)) +
                        cell(given ? element("b", {}, html_text(setting.source)) : "default")) +
            "\n";
  }
  return table("Settings in effect; secrets are masked", {"Setting", "Value", "Source"}, rows);
}

// `before`: the cells between its name and its expressions.
std::string rule_row(const ShownRule& rule, const std::string& before) {
  const std::string written =
      rule.expr == rule.written_expr ? "as it was set" : code(rule.written_expr);
  return element("tr", {},
                 head_cell(code(rule.name)) + before + cell(code(rule.expr)) + cell(written) +
                     cell(rule.guarded ? "yes" : "no")) +
         "\n";
}

std::string alerts_html(const PageContext& context) {
  if (context.view.alerts.empty()) {
    return paragraph("empty", "No alerts; try: ALERT_RULE_1_NAME and ALERT_RULE_1_EXPR");
  }
  std::string rows;
  for (const ShownRule& alert : context.view.alerts) {
    rows += rule_row(alert, cell(alert.after.empty() ? "at once" : html_text(alert.after)));
  }
  return table(
      "Alerts as they were set, and as they are in rules.yml: the guard leaves out what another "
      "node "
      "owns",
      {"Alert", "Fires after", "As set", "In rules.yml", "Guarded"}, rows);
}

std::string rules_html(const PageContext& context) {
  if (context.view.rules.empty()) {
    return paragraph("empty", "No recording rules; try: RECORD_RULE_1_NAME and RECORD_RULE_1_EXPR");
  }
  std::string rows;
  for (const ShownRule& rule : context.view.rules) rows += rule_row(rule, "");
  return table(
      "Recording rules as they were set, and as they are in rules.yml: the guard leaves out what "
      "another node counts",
      {"Rule", "As set", "In rules.yml", "Guarded"}, rows);
}

std::string file_html(const ShownFile& file) {
  if (file.content == nullptr) {
    return element("li", {},
                   html_text(file.name) + element("span", {{"class", "note"}}, " not written yet"));
  }
  const std::string note =
      " " + counted(file.content->size(), "byte") + ", written " +
      (file.written > 0 ? html_time(file.written) + " UTC" : "by a former run") +
      (file.content->size() > kMostShown ? "; its beginning" : "");
  return element("li", {},
                 element("details", {},
                         element("summary", {},
                                 code(file.name) + element("span", {{"class", "note"}}, note)) +
                             element("pre", {{"tabindex", "0"}, {"aria-label", file.name}},
                                     html_lines(*file.content, kMostShown)))) +
         "\n";
}

std::string files_html(const Snapshot& snapshot) {
  std::string html;
  for (const ShownFile& file : snapshot.files) html += file_html(file);
  return html.empty() ? paragraph("empty", "No file is written yet.")
                      : element("ol", {{"class", "log"}}, html);
}

}  // namespace

std::string render_settings(const PageContext& context, const Snapshot& snapshot) {
  return page_document(
      context, snapshot,
      {.name = "settings",
       .title = "Settings",
       .html = element("h1", {}, "What is set?") + "\n" +
               panel({.title = "Settings", .id = "settings"}, settings_html(context)) +
               panel({.title = "Recording rules", .id = "rules"}, rules_html(context)) +
               panel({.title = "Alerts", .id = "alerts"}, alerts_html(context)) +
               panel({.title = "Files", .id = "files"}, files_html(snapshot))});
}

}  // namespace promster
