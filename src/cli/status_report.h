#pragma once

#include <string>
#include <vector>

#include "cli/status_model.h"

// What `promster status` prints, and what `promster top` shows of it: the same lines, in the words
// of the page (src/web/page_words.h). Pure functions, any thread. Times are in UTC.
namespace promster {

// What a line is about. Its words or its mark say it as well: never a colour alone.
enum class LineKind { kPlain, kTitle, kFaint, kOk, kWarn, kBad };

struct ReportLine {
  std::string text;  // printable; as wide as it is
  LineKind kind = LineKind::kPlain;
};
using ReportLines = std::vector<ReportLine>;

// Is it fine? What is wrong comes first, with its mend.
ReportLines overview_lines(const ShownStatus& status);

// Who there is, and what each owns: a bar as long as its share; with the balance above.
ReportLines nodes_lines(const ShownNodes& nodes);
ReportLines nodes_table(const ShownNodes& nodes);  // without

// Who scrapes what.
ReportLines targets_lines(const ShownTargets& targets);

// Which cluster scrapes which.
ReportLines levels_lines(const ShownLevels& levels);

// What happened, the newest first, below a title that says that times are in UTC.
ReportLines history_lines(const ShownHistory& history);

inline constexpr const char* kHistoryTitle = "HISTORY (UTC)";

// "2026-11-22 07:25:41  10.0.0.2:9090 left (...), 4 targets moved in 1.1 s"; a lone target is
// named.
std::string change_line(const ShownChange& change);

// "fair share 4.0   most 5   least 3   ...".
std::string balance_text(const ShownBalance& balance);

// "up", "✗ down: connection refused".
std::string health_text(const ShownHealth& health);

}  // namespace promster
