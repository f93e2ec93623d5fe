#include "web/page_levels_picture.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "web/html.h"
#include "web/page_parts.h"

namespace promster {
namespace {

constexpr int kWide = 196, kGapX = 64, kGapY = 16, kMargin = 4;
constexpr int kNode = 16, kNodeStep = 18, kPerRow = 10;
constexpr int kTitleHigh = 48;  // name and count, above the nodes
constexpr std::size_t kMostNodes = 60, kMostTitle = 27;

using Text = std::string;

Text at(int value) {
  return std::to_string(value);
}

struct Box {
  int column = 0, x = 0, y = 0, high = 0;
  Text title, note;
  bool level = false;  // else a source
  std::vector<LevelNode> nodes;
  std::vector<Text> feeds;
};

Box source_box(const TargetPrefix& source) {
  return {.high = kTitleHigh,
          .title = source.prefix,
          .note = source.targets ? counted(*source.targets, "target") : "targets not counted",
          .feeds = source.feeds};
}

Box level_box(const Snapshot& snapshot, const LevelsSeen& seen, const Level& level) {
  std::vector<LevelNode> nodes = level_nodes(snapshot, seen, level);
  const auto shown = static_cast<int>(std::min(nodes.size(), kMostNodes));
  return {.column = level.depth,
          .high = kTitleHigh + (shown + kPerRow - 1) / kPerRow * kNodeStep + 6,
          .title = level.service,
          .note = counted(nodes.size(), "node"),
          .level = true,
          .nodes = std::move(nodes),
          .feeds = level.feeds};
}

struct Layout {
  std::vector<Box> boxes;
  int wide = 0, high = 0;
};

// Columns by depth, each centred in the height of the highest.
Layout lay_out(const Snapshot& snapshot, const LevelsSeen& seen) {
  const Levels& levels = seen.levels;
  Layout layout;
  for (const TargetPrefix& source : levels.sources) layout.boxes.push_back(source_box(source));
  for (const Level& level : levels.levels) {
    layout.boxes.push_back(level_box(snapshot, seen, level));
  }
  std::map<int, int> heights;
  for (const Box& box : layout.boxes) heights[box.column] += box.high + kGapY;
  for (const auto& [column, high] : heights) layout.high = std::max(layout.high, high);
  std::map<int, int> next, index;
  for (const auto& [column, high] : heights) {
    next[column] = kMargin + (layout.high - high) / 2;
    const int place = static_cast<int>(index.size());
    index[column] = kMargin + place * (kWide + kGapX);
  }
  for (Box& box : layout.boxes) {
    box.x = index[box.column];
    box.y = next[box.column];
    next[box.column] += box.high + kGapY;
    layout.wide = std::max(layout.wide, box.x + kWide + kMargin);
  }
  layout.high += 2 * kMargin - kGapY;
  return layout;
}

Text words(Text kind, int x, int y, std::string_view text) {
  return element("text", {{"class", kind}, {"x", at(x)}, {"y", at(y)}},
                 html_text(text, kMostTitle)) +
         " ";
}

Text draw_node(int x, int y, const LevelNode& node) {
  const NodeMark mark = node_mark(node);
  const Text size = at(kNode - 1);
  const Text rect = void_element("rect", {{"class", "node " + Text(tone_class(mark.tone))},
                                          {"x", at(x)},
                                          {"y", at(y)},
                                          {"width", size},
                                          {"height", size},
                                          {"rx", "3"}});
  return element("g", {},
                 element("title", {}, html_text(node.member.name + ": " + mark.word)) + " " + rect +
                     words("glyph", x + kNode / 2, y + 12, mark.glyph));
}

Text draw_nodes(const Box& box) {
  Text html;
  for (std::size_t i = 0; i < std::min(box.nodes.size(), kMostNodes); ++i) {
    const int column = static_cast<int>(i) % kPerRow, row = static_cast<int>(i) / kPerRow;
    html += draw_node(box.x + 9 + column * kNodeStep, box.y + kTitleHigh - 4 + row * kNodeStep,
                      box.nodes[i]);
  }
  return html;
}

Text draw_box(const Snapshot& snapshot, const Box& box) {
  const bool self = box.level && box.title == snapshot.service;
  const Text html = void_element("rect", {{"class", self ? "box self" : "box"},
                                          {"x", at(box.x)},
                                          {"y", at(box.y)},
                                          {"width", at(kWide)},
                                          {"height", at(box.high)},
                                          {"rx", box.level ? "5" : "16"}});
  return html + words("title", box.x + 10, box.y + 19, box.title) +
         words("note", box.x + 10, box.y + 36, box.note + (self ? ", this level" : "")) +
         draw_nodes(box) + "\n";
}

Text draw_edge(const Box& from, const Box& to) {
  const int x1 = from.x + kWide, y1 = from.y + from.high / 2;
  const int x2 = to.x - 8, y2 = to.y + to.high / 2;
  const int bend = kGapX / 2;
  const Text path = "M" + at(x1) + " " + at(y1) + "C" + at(x1 + bend) + " " + at(y1) + " " +
                    at(x2 - bend) + " " + at(y2) + " " + at(x2) + " " + at(y2);
  const Text tip = "M" + at(x2) + " " + at(y2 - 5) + "l9 5l-9 5z";
  return void_element("path", {{"class", "edge"}, {"d", path}}) +
         void_element("path", {{"class", "tip"}, {"d", tip}}) + "\n";
}

Text draw_edges(const Layout& layout) {
  Text html;
  for (const Box& from : layout.boxes) {
    for (const Box& to : layout.boxes) {
      if (!to.level || to.column <= from.column) continue;
      if (std::ranges::find(from.feeds, to.title) == from.feeds.end()) continue;
      html += draw_edge(from, to);
    }
  }
  return html;
}

Text spoken(const Levels& levels) {
  Text text;
  for (const TargetPrefix& source : levels.sources) {
    text += (text.empty() ? "" : "; ") + source.prefix +
            (source.targets ? ", " + counted(*source.targets, "target") : "");
  }
  for (const Level& level : levels.levels) {
    text +=
        (text.empty() ? "" : "; ") + level.service + ", " + counted(level.members.size(), "node");
  }
  return "Levels: " + text;
}

}  // namespace

NodeMark node_mark(const LevelNode& node) {
  switch (node.state) {
    case LevelNode::State::kDown:
      return {Tone::kBad, "down", "\u2717"};
    case LevelNode::State::kKept:
      return {Tone::kWarn, "kept", "K"};
    case LevelNode::State::kDraining:
      return {Tone::kWarn, "draining", "D"};
    case LevelNode::State::kActive:
      break;
  }
  if (node.member.algorithm == kBoundedAlgorithm) return {Tone::kOk, "active", "\u2713"};
  return {Tone::kInfo, "active, legacy ring", "L"};
}

std::string levels_picture(const Snapshot& snapshot, const LevelsSeen& seen) {
  const Layout layout = lay_out(snapshot, seen);
  Text html = draw_edges(layout);
  for (const Box& box : layout.boxes) html += draw_box(snapshot, box);
  const Text svg = element("svg",
                           {{"class", "picture"},
                            {"role", "img"},
                            {"aria-label", spoken(seen.levels)},
                            {"width", at(layout.wide)},
                            {"height", at(layout.high)},
                            {"viewBox", "0 0 " + at(layout.wide) + " " + at(layout.high)}},
                           html);
  return element("div",
                 {{"class", "scroll"},
                  {"role", "region"},
                  {"tabindex", "0"},
                  {"aria-label", "Picture of the levels"}},
                 svg);
}

}  // namespace promster
