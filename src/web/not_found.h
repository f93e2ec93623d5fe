#pragma once

#include <string>

#include "web/web_message.h"

namespace promster {

// The 404 of a path that nobody answers, in the form that its client reads: the error envelope
// below /api/v1, a page with a link home where HTML is accepted by name, else a line. `prefix` is
// Router::prefix(). Pure, any thread.
WebResponse not_found_answer(const WebRequest& request, const std::string& prefix);

}  // namespace promster
