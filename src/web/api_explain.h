#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/explain.h"
#include "core/snapshot.h"
#include "core/target_health.h"
#include "web/api_answer.h"
#include "web/node_view.h"

// GET /api/v1/explain.
namespace promster {

struct ExplainedRow {
  Target target;
  std::vector<std::string> also;  // keys of other targets of the same address
  Explanation told;
  std::int64_t revision = 0;
  std::optional<TargetHealth> health;
};

// Why there is no explanation.
struct NoExplanation {
  ApiFault fault = ApiFault::kNotFound;
  std::string message;
};

// Explains the target with this key, else the first with this address; assigns all targets anew.
// Where there is somebody to ask, its owners are asked how it is, with the words of the last error.
// Blocks for their deadline; any thread.
Result<ExplainedRow, NoExplanation> explain_row(const Snapshot& snapshot, const NodeView& view,
                                                const std::string& key_or_address);

// The whole answer.
WebResponse explain_answer(const Snapshot& snapshot, const NodeView& view,
                           const std::string& key_or_address);

}  // namespace promster
