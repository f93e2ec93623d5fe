#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/node_client.h"
#include "cli/status_reader.h"
#include "cli/text_table.h"
#include "cli/top_model.h"

namespace promster {
namespace {

constexpr std::array<std::string_view, kTopViews> kTitles{"Overview", "Nodes", "Targets", "Levels",
                                                          "History"};
constexpr const char* kRecent = "history?limit=5";

std::string targets_resource(const TopModel& model) {
  return with_query(
      "targets", {{"q", model.search}, {"limit", "200"}, {"health", model.health ? "true" : ""}});
}

template <class Shown>
void take(std::optional<Shown>& into, const Result<Shown>& answer, std::string& trouble) {
  if (answer) {
    into = *answer;
  } else {
    trouble = answer.error().message;
  }
}

void append(ReportLines& lines, const ReportLines& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

template <class Shown>
ReportLines lines_of(const std::optional<Shown>& shown, ReportLines (*lines)(const Shown&)) {
  return shown ? lines(*shown) : ReportLines{{"waiting for an answer", LineKind::kFaint}};
}

ReportLines overview(const TopModel& model) {
  ReportLines lines = lines_of(model.status, &overview_lines);
  if (model.nodes) {
    lines.push_back({});
    append(lines, nodes_table(*model.nodes));
  }
  if (model.history) {
    lines.push_back({});
    ReportLines recent = history_lines(*model.history);
    recent.resize(std::min<std::size_t>(recent.size(), 6));
    append(lines, recent);
  }
  return lines;
}

ReportLines help_lines() {
  return {{"KEYS", LineKind::kTitle},
          {"q, ctrl-c            quit"},
          {"1 to 5, tab          views"},
          {"up, down, page up, page down, home, end"},
          {"                     scroll"},
          {"/                    search targets: words, all of which are in address, key,"},
          {"                     labels or owner; enter ends it, escape drops it"},
          {"h                    health of targets, which the owners' Prometheus are asked for"},
          {"?                    this, and back"}};
}

std::string tabs(const TopModel& model) {
  std::string text;
  for (std::size_t i = 0; i < kTopViews; ++i) {
    const bool shown = static_cast<std::size_t>(model.view) == i;
    text += (shown ? "[" : " ") + std::to_string(i + 1) + " " + std::string(kTitles[i]) +
            (shown ? "]" : " ");
  }
  return text;
}

ReportLine head(const TopModel& model, std::size_t width) {
  const std::string state = !model.trouble.empty() ? "! old" : model.live ? "● live" : "○ each 2 s";
  const std::size_t taken = std::min(width, display_width(state) + 1);
  return {fitted(tabs(model) + "  " + printable(model.url), width - taken) + " " + state,
          LineKind::kTitle};
}

ReportLine foot(const TopModel& model) {
  if (model.typing) return {"/" + printable(model.search) + "▏", LineKind::kPlain};
  if (!model.trouble.empty()) return {"! " + printable(model.trouble, 1000), LineKind::kWarn};
  if (!model.search.empty() && model.view == TopView::kTargets) {
    return {"/" + printable(model.search) + "   escape drops it", LineKind::kFaint};
  }
  return {"q quit   1-5 views   / search   arrows scroll   ? help", LineKind::kFaint};
}

}  // namespace

std::vector<std::string> wanted_resources(const TopModel& model) {
  switch (model.view) {
    case TopView::kOverview:
      return {"status", "nodes", kRecent};
    case TopView::kNodes:
      return {"nodes"};
    case TopView::kTargets:
      return {targets_resource(model)};
    case TopView::kLevels:
      return {"levels"};
    case TopView::kHistory:
      return {"history?limit=1000"};
  }
  return {};
}

void take_answer(TopModel& model, const std::string& resource, const Result<std::string>& data) {
  model.trouble = data ? "" : data.error().message;
  if (!data) return;
  if (resource == "status") take(model.status, read_status(*data), model.trouble);
  if (resource == "nodes") take(model.nodes, read_nodes(*data), model.trouble);
  if (resource == "levels") take(model.levels, read_levels(*data), model.trouble);
  if (resource.starts_with("history")) take(model.history, read_history(*data), model.trouble);
  if (resource.starts_with("targets") && resource == targets_resource(model)) {
    take(model.targets, read_targets(*data), model.trouble);
  }
}

ReportLines top_lines(const TopModel& model) {
  if (model.help) return help_lines();
  switch (model.view) {
    case TopView::kOverview:
      return overview(model);
    case TopView::kNodes:
      return lines_of(model.nodes, &nodes_lines);
    case TopView::kTargets:
      return lines_of(model.targets, &targets_lines);
    case TopView::kLevels:
      return lines_of(model.levels, &levels_lines);
    case TopView::kHistory:
      return lines_of(model.history, &history_lines);
  }
  return {};
}

ReportLines top_screen(const TopModel& model, std::size_t width, std::size_t height) {
  ReportLines screen{head(model, width)};
  const ReportLines lines = top_lines(model);
  const std::size_t room = height > 2 ? height - 2 : 0;
  const std::size_t first =
      std::min(model.scroll, lines.size() > room ? lines.size() - room : std::size_t{0});
  for (std::size_t i = first; i < first + room; ++i) {
    screen.push_back(i < lines.size() ? lines[i] : ReportLine{});
  }
  screen.push_back(foot(model));
  screen.resize(height);
  for (ReportLine& line : screen) line.text = fitted(line.text, width);
  return screen;
}

}  // namespace promster
