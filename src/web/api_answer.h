#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "web/web_message.h"

// Answers of /api/v1 in the envelope of Prometheus's API (prometheus.io/docs, "HTTP API": "Format
// overview"); openapi.yaml says what is in them. Pure functions, any thread.
namespace promster {

// Why there is no answer: 400, 404 or 503.
enum class ApiFault { kBadData, kNotFound, kUnavailable };

// {"status": "success", "data": ...}; `data` is JSON.
WebResponse api_success(std::string_view data);

// {"status": "error", ...}; `why` reads `what; why; try: the mend`.
WebResponse api_error(ApiFault fault, std::string_view why);

// A parameter of the query; empty where there is none.
const std::string& parameter(const WebRequest& request, const std::string& name);

// A number from 0 to `most`, or the fallback where the request names none.
Result<std::size_t> count_parameter(const WebRequest& request, const std::string& name,
                                    std::size_t fallback, std::size_t most);

// "true" or "false"; false where the request names none.
Result<bool> flag_parameter(const WebRequest& request, const std::string& name);

}  // namespace promster
