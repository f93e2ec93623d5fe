#pragma once

#include "web/node_view.h"
#include "web/router.h"

namespace promster {

// Adds /api/v1/... as openapi.yaml describes it, all from the newest snapshot. What searches,
// assigns anew, asks others, or may be long is found out later (WebResponse::later). REQUIRES: what
// the view refers to outlives the server.
void add_api(Router& router, const NodeView& view);

}  // namespace promster
