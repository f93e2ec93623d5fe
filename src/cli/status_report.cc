#include "cli/status_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/duration.h"
#include "base/text.h"
#include "cli/text_table.h"

namespace promster {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr std::size_t kBar = 20;

ReportLine good(const std::string& text) {
  return {"✔ " + printable(text, kLongest), Tone::kGood};
}
ReportLine warning(const std::string& text) {
  return {"! " + printable(text, kLongest), Tone::kWarning};
}
ReportLine bad(const std::string& text) {
  return {"✖ " + printable(text, kLongest), Tone::kBad};
}

std::string with_reason(const std::string& what, const std::string& reason) {
  return reason.empty() ? what : what + ": " + reason;
}

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string joined(const std::vector<std::string>& names, const char* nobody) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? nobody : text;
}

void add_table(ReportLines& lines, const std::vector<TextColumn>& columns,
               const std::vector<std::vector<std::string>>& rows) {
  Tone tone = Tone::kTitle;
  for (std::string& line : text_table(columns, rows)) {
    lines.push_back({std::move(line), tone});
    tone = Tone::kPlain;
  }
}

ReportLine headline(const ShownStatus& status) {
  std::string text = "promster";
  if (!status.version.empty()) text += " " + status.version;
  if (!status.service.empty()) text += "  " + status.service;
  text += status.from_node ? " · " + status.node : " · from etcd";
  return {printable(text, kLongest), Tone::kTitle};
}

void add_problems(const ShownStatus& status, ReportLines& lines) {
  for (const std::string& one : status.missing) lines.push_back(bad(one));
  for (const std::string& one : status.degraded) lines.push_back(warning(one));
  for (const ShownRejection& one : status.rejected_examples) {
    lines.push_back(warning(one.key + " is rejected: " + one.reason));
  }
  if (status.rejected > status.rejected_examples.size()) {
    lines.push_back(warning(counted(status.rejected, "target") + " rejected in all; see: " +
                            "promster status targets --state=rejected"));
  }
}

void add_source(const char* what, const ShownSource& source, ReportLines& lines) {
  if (!source.enabled) return;
  const std::string name = std::string("etcd of the ") + what;
  if (source.up) {
    lines.push_back(good(name + ", revision " + std::to_string(source.revision)));
  } else {
    lines.push_back(warning(with_reason(name + " is not watched", source.reason)));
  }
}

void add_registration(const ShownStatus& status, ReportLines& lines) {
  if (status.draining) {
    lines.push_back(warning("draining: it hands its targets over, and then leaves"));
  }
  if (!status.registry.enabled) {
    lines.push_back(good("no registry: this node scrapes all targets"));
  } else if (status.registered) {
    lines.push_back(good("registered, lease " + seconds_text(status.lease_remaining) + " of " +
                         seconds_text(status.lease_ttl)));
  } else {
    lines.push_back(
        warning(with_reason(status.withdrawn ? "not registered, on purpose" : "not registered",
                            status.registration_reason)));
  }
}

void add_prometheus(const ShownStatus& status, ReportLines& lines) {
  if (status.prometheus_up) {
    lines.push_back(good("Prometheus " + status.prometheus_version + " up"));
  } else {
    lines.push_back(bad(with_reason("Prometheus is not up", status.prometheus_reason)));
  }
  if (!status.refusal.empty()) {
    lines.push_back(bad("configuration refused by " + status.refused_by + ": " + status.refusal));
  } else if (!status.configuration_in_use) {
    lines.push_back(warning(with_reason("configuration not in use yet", status.pending)));
  } else if (status.last_accepted) {
    const double ago = std::max(0.0, status.time - *status.last_accepted);
    lines.push_back(good("reloaded " + seconds_text(ago) + " ago"));
  } else {
    lines.push_back(good("configuration in use"));
  }
}

void add_members(const ShownStatus& status, ReportLines& lines) {
  std::string text = counted(status.members, "node");
  if (status.members_draining > 0)
    text += ", " + std::to_string(status.members_draining) + " draining";
  if (!status.kept.empty()) text += ", " + std::to_string(status.kept.size()) + " kept";
  if (!status.algorithm.empty()) text += ", " + status.algorithm;
  if (!status.checksum.empty()) text += ", checksum " + status.checksum;
  lines.push_back(status.members == 0 && !status.from_node ? warning("no node is registered")
                                                           : good(text));
}

void add_targets(const ShownStatus& status, ReportLines& lines) {
  std::string text = counted(status.discovered, "target");
  if (status.from_node) text += ", " + std::to_string(status.assigned) + " of them here";
  if (status.moving > 0) text += ", " + std::to_string(status.moving) + " moving";
  if (status.held > 0) text += ", " + std::to_string(status.held) + " held";
  if (status.rejected > 0) text += ", " + std::to_string(status.rejected) + " rejected";
  lines.push_back(good(text));
}

std::string balance_text(const ShownBalance& balance) {
  return "Balance   fair share " + one_decimal(balance.fair) + "   most " +
         std::to_string(balance.most) + "   least " + std::to_string(balance.least) +
         (balance.capacity > 0 ? "   capacity " + std::to_string(balance.capacity) : "");
}

// As long as the share of the fullest is, at most.
std::string bar(std::size_t targets, std::size_t most) {
  if (most == 0 || targets == 0) return "";
  const double share = std::min(1.0, static_cast<double>(targets) / static_cast<double>(most));
  const auto blocks = static_cast<std::size_t>(std::ceil(share * kBar));
  std::string text;
  for (std::size_t i = 0; i < blocks; ++i) text += "█";
  return text;
}

std::string agreement(const ShownNode& node) {
  if (node.self) return "this node";
  if (!node.agrees) return "";
  return *node.agrees ? "agrees" : "! not yet";
}

std::string target_state(const ShownTarget& target) {
  if (target.reason.empty()) return target.state;
  return target.state + ": " + target.reason;
}

std::string labels_text(const std::map<std::string, std::string>& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text;
}

}  // namespace

std::string seconds_text(double seconds) {
  if (!(seconds >= 0) || seconds > 1e12) return "?";
  if (seconds < 9.95) return one_decimal(seconds) + " s";
  if (seconds < 120) return std::to_string(std::lround(seconds)) + " s";
  return format_duration(std::chrono::seconds(std::llround(seconds)));
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string health_text(const ShownHealth& health) {
  const std::string mark = health.state == "up" ? "✔ " : health.state == "down" ? "✖ " : "? ";
  return with_reason(mark + health.state, health.error);
}

ReportLines overview_lines(const ShownStatus& status) {
  ReportLines lines{headline(status)};
  if (status.from_node) {
    lines.push_back(status.ready ? good("ready") : bad("not ready"));
  }
  add_problems(status, lines);
  add_source("registry", status.registry, lines);
  add_source("targets", status.scrape, lines);
  if (status.from_node) {
    add_registration(status, lines);
    add_prometheus(status, lines);
  }
  add_members(status, lines);
  add_targets(status, lines);
  lines.push_back({balance_text(status.balance), Tone::kPlain});
  return lines;
}

ReportLines nodes_lines(const ShownNodes& nodes) {
  if (nodes.nodes.empty()) return {{printable(nodes.empty_because, kLongest), Tone::kFaint}};
  std::size_t most = 0;
  for (const ShownNode& node : nodes.nodes) most = std::max(most, node.targets);
  std::vector<std::vector<std::string>> rows;
  for (const ShownNode& node : nodes.nodes) {
    rows.push_back({node.name, node.state, std::to_string(node.targets), bar(node.targets, most),
                    agreement(node), node.algorithm.empty() ? "legacy only" : node.algorithm,
                    node.version, node.web});
  }
  ReportLines lines{{balance_text(nodes.balance), Tone::kPlain}, {}};
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
  if (targets.targets.empty()) {
    const bool beyond = targets.total > 0;
    const std::string why = beyond ? counted(targets.total, "target") + ", none from number " +
                                         std::to_string(targets.offset) + " on"
                                   : targets.empty_because;
    return {{printable(why, kLongest), Tone::kFaint}};
  }
  std::vector<std::vector<std::string>> rows;
  for (const ShownTarget& target : targets.targets) {
    rows.push_back({target.address, joined(target.owners, "-"), target_state(target),
                    target.health ? health_text(*target.health) : "", labels_text(target.labels)});
  }
  ReportLines lines;
  add_table(lines, {{"TARGET"}, {"OWNER"}, {"STATE"}, {"HEALTH"}, {"LABELS"}}, rows);
  const std::size_t last = targets.offset + targets.targets.size();
  lines.push_back(
      {std::to_string(targets.offset + 1) + " to " + std::to_string(last) + " of " +
           counted(targets.total, "target") +
           (last < targets.total ? "; --offset=" + std::to_string(last) + " goes on" : ""),
       Tone::kFaint});
  for (const auto& [owner, reason] : targets.not_asked) {
    lines.push_back(warning(with_reason(owner + " did not say how its targets are", reason)));
  }
  return lines;
}

ReportLines history_lines(const ShownHistory& history) {
  if (history.changes.empty()) return {{printable(history.empty_because, kLongest), Tone::kFaint}};
  ReportLines lines;
  for (const ShownChange& change : history.changes) lines.push_back({change_line(change)});
  return lines;
}

std::string change_line(const ShownChange& change) {
  const auto seconds = static_cast<std::time_t>(std::clamp(change.time, 0.0, 1e11));
  std::tm local{};
  ::localtime_r(&seconds, &local);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  return std::string(text, size) + "  " + printable(change.summary, kLongest);
}

}  // namespace promster
