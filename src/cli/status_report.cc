#include "cli/status_report.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "base/text.h"
#include "cli/text_table.h"
#include "web/page_words.h"

namespace promster {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr double kBar = 20;

std::string with_reason(const std::string& what, const std::string& reason) {
  return reason.empty() ? what : what + ": " + reason;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

ReportLines faint(const std::string& text) {
  return {{printable(text, kLongest), LineKind::kFaint}};
}

void add_table(ReportLines& lines, const std::vector<TextColumn>& columns,
               const std::vector<std::vector<std::string>>& rows) {
  LineKind kind = LineKind::kTitle;
  for (std::string& line : text_table(columns, rows)) {
    lines.push_back({std::move(line), kind});
    kind = LineKind::kPlain;
  }
}

// As long as the share of the fullest, at most.
std::string bar(std::size_t targets, std::size_t most) {
  if (most == 0) return "";
  const double share = std::min(1.0, static_cast<double>(targets) / static_cast<double>(most));
  std::string text;
  for (int i = 0; i < static_cast<int>(std::ceil(share * kBar)); ++i) text += "█";
  return text;
}

std::string agreement(const ShownNode& node) {
  if (node.self) return "this node";
  if (!node.agrees) return "";
  return *node.agrees ? "agrees" : "! not at the same ring yet";
}

std::string target_state(const ShownTarget& target) {
  const std::string state = target.state == "moving" ? "changes hands" : target.state;
  return with_reason(state == "rejected" ? "! " + state : state, target.reason);
}

std::string labels_text(const std::map<std::string, std::string>& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text;
}

ReportLine place_line(const ShownTargets& targets) {
  const std::size_t last = targets.offset + targets.targets.size();
  return {count_text(targets.offset + 1) + " to " + count_text(last) + " of " +
              counted(targets.total, "target") +
              (last < targets.total ? ", more with --offset=" + std::to_string(last) : ""),
          LineKind::kFaint};
}

ReportLines no_targets(const ShownTargets& targets) {
  if (targets.total == 0) return faint(targets.empty_because);
  return faint("there are only " + counted(targets.total, "target") + "; try: a smaller --offset");
}

// "1 target new: 10.0.0.1:3000"; the targets come last in a summary.
std::string summary_of(const ShownChange& change) {
  const bool lone = change.examples.size() == 1 &&
                    change.summary.find("1 target ") != std::string::npos &&
                    change.summary.find(change.examples[0]) == std::string::npos;
  return lone ? change.summary + ": " + change.examples[0] : change.summary;
}

}  // namespace

std::string balance_text(const ShownBalance& balance) {
  return "fair share " + fixed_text(balance.fair, 1) + "   most " + count_text(balance.most) +
         "   least " + count_text(balance.least) + "   most / mean " +
         fixed_text(balance.max_over_mean, 2) +
         (balance.capacity > 0 ? "   capacity " + count_text(balance.capacity) : "");
}

std::string health_text(const ShownHealth& health) {
  const std::string state = health.state == "unknown" ? "not known" : health.state;
  return with_reason(
      health.state == "down" ? std::string(tone_symbol(Tone::kBad)) + " down" : state,
      health.error);
}

ReportLines nodes_lines(const ShownNodes& nodes) {
  ReportLines lines{{balance_text(nodes.balance)}, {}};
  const ReportLines table = nodes_table(nodes);
  if (nodes.nodes.empty()) return table;
  lines.insert(lines.end(), table.begin(), table.end());
  return lines;
}

ReportLines nodes_table(const ShownNodes& nodes) {
  if (nodes.nodes.empty()) return faint(nodes.empty_because);
  std::size_t most = 0;
  for (const ShownNode& node : nodes.nodes) most = std::max(most, node.targets);
  std::vector<std::vector<std::string>> rows;
  for (const ShownNode& node : nodes.nodes) {
    rows.push_back({node.name, node.state == "active" ? node.state : "! " + node.state,
                    count_text(node.targets), bar(node.targets, most), agreement(node),
                    node.algorithm.empty() ? "legacy ring" : node.algorithm, node.version,
                    node.web});
  }
  ReportLines lines;
  add_table(lines,
            {{"NODE"},
             {"STATE"},
             {"TARGETS", true},
             {"SHARE"},
             {"AGREES"},
             {"ALGORITHM"},
             {"VERSION"},
             {"PAGE"}},
            rows);
  return lines;
}

ReportLines targets_lines(const ShownTargets& targets) {
  if (targets.targets.empty()) return no_targets(targets);
  std::vector<std::vector<std::string>> rows;
  for (const ShownTarget& target : targets.targets) {
    rows.push_back({target.address.empty() ? target.key : target.address, joined(target.owners),
                    target_state(target), target.health ? health_text(*target.health) : "",
                    labels_text(target.labels)});
  }
  ReportLines lines;
  add_table(lines, {{"TARGET"}, {"OWNER"}, {"STATE"}, {"HEALTH"}, {"LABELS"}}, rows);
  lines.push_back(place_line(targets));
  for (const auto& [owner, reason] : targets.not_asked) {
    lines.push_back({"! " + printable(owner) +
                         " did not say how its targets are: " + printable(reason, kLongest),
                     LineKind::kWarn});
  }
  return lines;
}

ReportLines history_lines(const ShownHistory& history) {
  if (history.changes.empty()) return faint(history.empty_because);
  ReportLines lines{{kHistoryTitle, LineKind::kTitle}};
  for (const ShownChange& change : history.changes) lines.push_back({change_line(change)});
  return lines;
}

std::string change_line(const ShownChange& change) {
  const auto seconds = static_cast<std::time_t>(std::clamp(change.time, 0.0, 1e11));
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
  return std::string(text, size) + "  " + printable(summary_of(change), kLongest);
}

}  // namespace promster
