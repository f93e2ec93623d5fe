#include "cli/findings.h"

#include <algorithm>
#include <ostream>
#include <string_view>

#include "core/json_text.h"

namespace promster {

void Findings::fine(const std::string& what) {
  all_.push_back({"ok", what});
  if (!as_json_) call_.out << "ok: " << what << std::endl;
}

void Findings::warn(const std::string& message) {
  all_.push_back({"warning", message});
  if (!as_json_) print_error(call_.err, "warning: " + message);
}

void Findings::fail(const std::string& message) {
  all_.push_back({"error", message});
  if (!as_json_) print_error(call_.err, message);
}

bool Findings::has(const char* result) const {
  return std::ranges::any_of(
      all_, [&](const Finding& one) { return std::string_view(one.result) == result; });
}

int Findings::finish(ExitCode failed) {
  if (as_json_) {
    call_.out << "[";
    const char* separator = "\n";
    for (const Finding& one : all_) {
      call_.out << separator << "  {\"result\": " << json_quote(one.result)
                << ", \"message\": " << json_quote(one.message) << "}";
      separator = ",\n";
    }
    call_.out << "\n]\n";
  }
  return has("error") ? failed : has("warning") ? kExitOnlyFindings : kExitFine;
}

}  // namespace promster
