#pragma once

#include <string>

#include "core/snapshot.h"
#include "web/api_levels.h"
#include "web/node_view.h"
#include "web/page_words.h"

namespace promster {

// How the state of a node is shown.
struct NodeMark {
  Tone tone = Tone::kOk;
  std::string word;   // "active", "draining", "kept", "down", "active, legacy ring"
  std::string glyph;  // a letter or a sign in the picture
};
NodeMark node_mark(const LevelNode& node);

// Sources and levels as boxes from left to right by depth, arrows from what is scraped to who
// scrapes it, a mark a node, the level of this node outlined: an SVG with what it says in words. At
// most 60 nodes of a level are drawn, the rest is a number. Pure, any thread.
std::string levels_picture(const Snapshot& snapshot, const LevelsSeen& seen);

}  // namespace promster
