#include "base/text.h"
#include "web/html.h"
#include "web/page_frame.h"
#include "web/page_parts.h"
#include "web/page_views.h"

namespace promster {
namespace {

Tone tone_of(const std::string& result) {
  if (result == "accepted") return Tone::kOk;
  return result == "pending" ? Tone::kWarn : Tone::kBad;
}

std::string_view trimmed_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of('\n') + 1);
}

std::string diff_html(const std::string& diff) {
  std::string html;
  for (const std::string_view line : split(trimmed_end(diff), '\n')) {
    const std::string text = html_lines(line);
    const std::string_view kind = line.starts_with('+')   ? "add"
                                  : line.starts_with('-') ? "del"
                                                          : "";
    html += (kind.empty() ? text : element("span", {{"class", kind}}, text)) + "\n";
  }
  return element("pre", {{"class", "diff"}, {"tabindex", "0"}, {"aria-label", "Difference"}}, html);
}

std::string files_text(const ReloadRecord& reload) {
  if (reload.files_written.empty()) return "no file changed";
  std::string text;
  for (const std::string& file : reload.files_written) text += (text.empty() ? "" : ", ") + file;
  return text + " written";
}

std::string reload_html(const ReloadRecord& reload, bool open) {
  const std::string whose = reload.who.empty() ? "" : " by " + reload.who;
  const std::string head =
      html_time(reload.time) + " " + badge(tone_of(reload.result), reload.result + whose) + " " +
      element("span", {{"class", "said"}}, html_text(files_text(reload))) +
      element("span", {{"class", "note"}},
              html_text(std::string(reload.reloaded ? ", reloaded" : ", not reloaded") + " in " +
                        seconds_text(reload.took_seconds)));
  std::string more;
  if (!reload.words.empty()) {
    more += element("h3", {},
                    html_text("The words of " + (reload.who.empty() ? "promster" : reload.who))) +
            element("pre", {{"class", "words"}}, html_lines(trimmed_end(reload.words)));
  }
  more += reload.diff.empty()
              ? paragraph("empty", "No difference to what was in use.")
              : element("h3", {}, "Difference to what was in use") + diff_html(reload.diff);
  return element(
             "li", {{"id", "reload-" + std::to_string(reload.id)}},
             element("details", {{"open", open ? "open" : ""}},
                     element("summary", {}, head) + element("div", {{"class", "more-of"}}, more))) +
         "\n";
}

std::string list(const Snapshot& snapshot) {
  const History::Reloads& reloads = *snapshot.reload_log;
  std::string html;
  for (std::size_t i = reloads.size(); i > 0; --i) {
    const ReloadRecord& reload = *reloads[i - 1];
    // The newest is open where it was refused: that is why people come here.
    html += reload_html(reload, i == reloads.size() && tone_of(reload.result) == Tone::kBad);
  }
  if (!html.empty()) return element("ol", {{"class", "log"}}, html);
  return element("p", {{"class", "empty"}},
                 "Prometheus was given no configuration " + since_start(snapshot) +
                     ". Targets never cause a reload.");
}

}  // namespace

std::string render_reloads(const PageContext& context, const Snapshot& snapshot) {
  return page_document(
      context, snapshot,
      {.name = "reloads",
       .title = "Reloads",
       .html = element("h1", {}, "Which configuration is in use?") + "\n" +
               panel({.title = "Reloads, the newest first",
                      .figures = {{"reloads", count_text(snapshot.reload_log->size())},
                                  {"times", "UTC"}}},
                     list(snapshot))});
}

}  // namespace promster
