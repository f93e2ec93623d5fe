#pragma once

#include "web/node_view.h"
#include "web/router.h"

namespace promster {

// Adds the page: "/" and the views of page_views.h below it, and the style, the icon and, where it
// was built, the script that makes it live. What searches, assigns anew or asks others is found out
// later (WebResponse::later). REQUIRES: what the view refers to outlives the server.
void add_page(Router& router, const NodeView& view);

}  // namespace promster
