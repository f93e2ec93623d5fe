#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "core/snapshot.h"
#include "web/api_explain.h"
#include "web/node_view.h"
#include "web/page_context.h"
#include "web/page_what_if.h"
#include "web/target_rows.h"

// The views of the page as whole documents, each with a URL of its own below the prefix. What takes
// long, or is asked of others, was found out before. Pure functions, any thread.
namespace promster {

// "./": is it fine? `now` as in Snapshot::lease_confirmed.
std::string render_overview(const PageContext& context, const Snapshot& snapshot, SteadyTime now);

// "targets?q=&owner=&state=&offset=": who scrapes what?
std::string render_targets(const PageContext& context, const Snapshot& snapshot,
                           const TargetsQuestion& question, const TargetsPage& page);

// "explain?target=": why does it belong to its owner, and who comes next?
std::string render_explain(const PageContext& context, const Snapshot& snapshot,
                           const std::string& target,
                           const Result<ExplainedRow, NoExplanation>& row);

// "balance?add=&remove=": is it balanced? what if nodes came or went?
std::string render_balance(const PageContext& context, const Snapshot& snapshot,
                           const WhatIf& what_if);

// "levels": who scrapes whom?
std::string render_levels(const PageContext& context, const Snapshot& snapshot,
                          const Result<LevelsSeen>& seen);

// "history?offset=": what happened? The newest first, 100 a page.
std::string render_history(const PageContext& context, const Snapshot& snapshot,
                           std::size_t offset);

// "reloads": which configuration is in use, and what was said of others?
std::string render_reloads(const PageContext& context, const Snapshot& snapshot);

// "settings": settings, rules, files.
std::string render_settings(const PageContext& context, const Snapshot& snapshot);

}  // namespace promster
