#pragma once

#include <string>

#include "web/node_view.h"

namespace promster {

// What the page says beside the snapshot; the same as long as the process lives.
struct PageContext {
  const NodeView& view;
  // Where style, icon and scripts are, relative to the page; empty: there is none. The first script
  // runs before anything is drawn.
  std::string style{}, script{}, icon{}, first_script{};
};

}  // namespace promster
