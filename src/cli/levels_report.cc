// Levels as lines: what is scraped first, then each level with its nodes.

#include "base/text.h"
#include "cli/status_report.h"
#include "web/page_words.h"

namespace promster {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text;
}

std::string arrow(const std::vector<std::string>& feeds) {
  return feeds.empty() ? "" : " ──▶ " + joined(feeds);
}

void add_source(const ShownPrefix& source, ReportLines& lines) {
  const std::string count = source.targets ? "  " + counted(*source.targets, "target") : "";
  lines.push_back({printable(source.prefix) + count + arrow(source.feeds), LineKind::kTitle});
}

ReportLine node_line(const ShownLevelNode& node) {
  std::string text = "    " + printable(node.name);
  if (!node.web.empty()) text += "  " + printable(node.web);
  if (node.state != "active") text += "  ! " + printable(node.state);
  if (node.algorithm.empty()) text += "  ! an original promster: legacy ring";
  const LineKind kind = node.state == "down"                               ? LineKind::kBad
                        : node.state != "active" || node.algorithm.empty() ? LineKind::kWarn
                                                                           : LineKind::kPlain;
  return {text, kind};
}

void add_level(const ShownLevel& level, ReportLines& lines) {
  std::string text = "level " + std::to_string(level.depth) + "  " + printable(level.service) +
                     " ×" + std::to_string(level.nodes.size()) + arrow(level.feeds);
  if (level.self) text += "  ◀ this node";
  lines.push_back({text, LineKind::kTitle});
  const std::string scrapes = joined(level.scrapes);
  lines.push_back({"  scrapes " + (scrapes.empty() ? "what it does not say" : scrapes),
                   scrapes.empty() ? LineKind::kFaint : LineKind::kPlain});
  for (const ShownLevelNode& node : level.nodes) lines.push_back(node_line(node));
}

}  // namespace

ReportLines levels_lines(const ShownLevels& levels) {
  ReportLines lines;
  for (const std::string& loop : levels.loops) {
    lines.push_back({"! a loop: " + printable(loop, 1000), LineKind::kBad});
  }
  for (const ShownPrefix& source : levels.sources) add_source(source, lines);
  for (const ShownLevel& level : levels.levels) add_level(level, lines);
  if (lines.empty()) lines.push_back({printable(levels.empty_because, 1000), LineKind::kFaint});
  return lines;
}

}  // namespace promster
