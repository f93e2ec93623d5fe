#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/status_model.h"

// Reads the `data` of the API's answers. What is not there keeps its default, so that versions can
// differ; what is there in another form is an error ("status: targets: not an object"). Pure, any
// thread.
namespace promster {

Result<ShownStatus> read_status(std::string_view data);
Result<ShownNodes> read_nodes(std::string_view data);
Result<ShownTargets> read_targets(std::string_view data);
Result<ShownLevels> read_levels(std::string_view data);
Result<ShownHistory> read_history(std::string_view data);
Result<ShownExplanation> read_explanation(std::string_view data);
Result<ShownChange> read_change(std::string_view data);  // one entry of the history

// The entries of the history, one line of JSON each, as they came.
Result<std::vector<std::string>> changes_oldest_first(std::string_view history);

// What an answer of the API has within its envelope: its `data`, or the error that it says.
Result<std::string> open_envelope(std::string_view answer);

// The JSON indented for people, its order kept; as it is where it is none.
std::string indented_json(std::string_view json);

}  // namespace promster
