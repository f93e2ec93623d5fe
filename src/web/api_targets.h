#pragma once

#include <string>

#include "base/result.h"
#include "core/snapshot.h"
#include "core/target_health.h"
#include "web/node_view.h"
#include "web/target_rows.h"
#include "web/web_message.h"

// GET /api/v1/targets.
namespace promster {

// What the request asks for, or what is wrong with it. Pure, any thread.
Result<TargetsQuestion> read_targets_question(const WebRequest& request);

// The whole answer; blocks where owners are asked. Any thread.
WebResponse targets_answer(const Snapshot& snapshot, const NodeView& view,
                           const TargetsQuestion& question);

// Why nobody can say who scrapes what yet; empty where it is known. Pure, any thread.
std::string not_known_yet(const Snapshot& snapshot);

// "Health" and "Labels" of the document; null where there is none.
std::string health_json(const std::optional<TargetHealth>& health);
std::string labels_json(const Labels& labels);

}  // namespace promster
