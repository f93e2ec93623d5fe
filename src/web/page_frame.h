#pragma once

#include <string>
#include <string_view>

#include "core/snapshot.h"
#include "web/page_context.h"

namespace promster {

// One view of the page.
struct PageView {
  std::string name;   // "overview", "targets", "explain", ...
  std::string title;  // of the window
  std::string words;  // what was searched, to show it in the search field
  std::string html;   // what is in <main>, from <h1> on
};

// The whole document: header with search, navigation, the view, footer. Its links are relative, so
// that they hold behind a prefix and a proxy. Pure, any thread.
std::string page_document(const PageContext& context, const Snapshot& snapshot,
                          const PageView& view);

}  // namespace promster
