#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace promster {

// What `promster check` found. As a table every line is printed as soon as it is known, what is
// wrong on the call's `err`; as JSON all of it at the end, as an array.
//
// Thread rule: one thread.
class Findings {
 public:
  // Both as CommandCall has them; they must outlive this.
  Findings(const CommandCall& call, bool as_json) : call_(call), as_json_(as_json) {}

  void fine(const std::string& what);
  void warn(const std::string& message);
  void fail(const std::string& message);

  // Prints what is still to be printed. Returns the exit code: `failed` after a failure,
  // kExitOnlyFindings after a warning.
  int finish(ExitCode failed = kExitFailed);

 private:
  struct Finding {
    const char* result;  // "ok", "warning", "error"
    std::string message;
  };
  bool has(const char* result) const;

  const CommandCall& call_;
  bool as_json_;
  std::vector<Finding> all_;
};

}  // namespace promster
