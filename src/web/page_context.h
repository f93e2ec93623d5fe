#pragma once

#include <string>

#include "web/node_view.h"

namespace promster {

// What the page says beside the snapshot; the same as long as the process lives.
struct PageContext {
  const NodeView& view;
  // Where style, script and icon are, relative to the page; empty: there is none.
  std::string style{}, script{}, icon{};
};

}  // namespace promster
