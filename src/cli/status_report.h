#pragma once

#include <string>
#include <vector>

#include "cli/status_model.h"

// What `promster status` prints, and what `promster top` shows of it: the same lines in the same
// words. Pure but for the time zone; any thread.
namespace promster {

// What a line is about. It is always in its words or its mark as well, never in a colour alone.
enum class Tone { kPlain, kTitle, kGood, kWarning, kBad, kFaint };

struct ReportLine {
  std::string text;  // printable; as wide as it is
  Tone tone = Tone::kPlain;
};
using ReportLines = std::vector<ReportLine>;

// Is it fine? What is wrong comes first.
ReportLines overview_lines(const ShownStatus& status);

// Who there is, and what each owns: a bar as long as its share.
ReportLines nodes_lines(const ShownNodes& nodes);

// Who scrapes what.
ReportLines targets_lines(const ShownTargets& targets);

// Which cluster scrapes which.
ReportLines levels_lines(const ShownLevels& levels);

// What happened, the newest first.
ReportLines history_lines(const ShownHistory& history);

// One change: "2026-11-22 07:25:41  10.0.0.2:9090 left (...), 4 targets moved in 1.1 s".
std::string change_line(const ShownChange& change);

// "up", "down: connection refused".
std::string health_text(const ShownHealth& health);

// Seconds as people say them: "1.1 s", "12 s", "3m20s".
std::string seconds_text(double seconds);

// "1 node", "2 nodes".
std::string counted(std::size_t count, const std::string& noun);

}  // namespace promster
