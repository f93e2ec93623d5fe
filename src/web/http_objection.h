#pragma once

#include "web/http_server.h"
#include "web/http_wire.h"

namespace promster {

// What is wrong with a well-formed head, as a status to refuse it with: limits, and what two
// readers could understand differently (RFC 9112, 6.3 and 11.2). 0: nothing. Pure, any thread.
int objection_to(const HttpHead& head, const HttpLimits& limits);

}  // namespace promster
