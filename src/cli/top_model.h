#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/status_model.h"
#include "cli/status_report.h"

// `promster top` without its terminal: what it knows, what a key does to it, and how it looks.
// Plain data and pure functions; one thread.
namespace promster {

enum class TopView { kOverview, kNodes, kTargets, kLevels, kHistory };
inline constexpr std::size_t kTopViews = 5;

struct TopModel {
  std::string url;      // whose page it is
  bool live = false;    // told of changes as they happen; else asked each 2 s
  std::string trouble;  // why what is shown may be old; empty: it is of now

  // As they were answered last.
  std::optional<ShownStatus> status;
  std::optional<ShownNodes> nodes;
  std::optional<ShownTargets> targets;
  std::optional<ShownLevels> levels;
  std::optional<ShownHistory> history;

  TopView view = TopView::kOverview;
  std::size_t scroll = 0;  // lines of the view above the screen
  std::string search;      // of targets
  bool typing = false;     // the search
  bool health = false;     // whether targets are asked for with their health
  bool help = false;
};

// What the API is to be asked for to show the view (cli/node_client.h, with_query).
std::vector<std::string> wanted_resources(const TopModel& model);

// Takes the `data` of an answer, or why there is none.
void take_answer(TopModel& model, const std::string& resource, const Result<std::string>& data);

// The lines of the view, all of them, as wide as they are.
ReportLines top_lines(const TopModel& model);

// The screen: `height` lines of `width` columns. REQUIRES: width and height are at least 1.
ReportLines top_screen(const TopModel& model, std::size_t width, std::size_t height);

// What a key is called: "a", "up", "down", "page-up", "page-down", "home", "end", "tab",
// "back-tab", "enter", "escape", "backspace", "ctrl-c". Bytes that are no key of these are left
// out.
std::vector<std::string> read_keys(std::string_view bytes);

enum class KeyEffect { kNothing, kRedraw, kAsk, kQuit };  // kAsk: redraw, and ask anew

// `height` is that of the screen: how far a page goes.
KeyEffect press(TopModel& model, const std::string& key, std::size_t height);

}  // namespace promster
