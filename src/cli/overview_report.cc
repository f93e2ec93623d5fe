// The overview as lines: a verdict, the problems, then a line for each part.
#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "cli/status_report.h"
#include "cli/text_table.h"
#include "web/page_problems.h"
#include "web/page_words.h"

namespace promster {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr std::size_t kNames = 15;  // columns that the names of the parts take

std::string with_reason(const std::string& what, const std::string& reason) {
  return reason.empty() ? what : what + ": " + reason;
}

ReportLine said(Tone tone, const std::string& text) {
  constexpr LineKind kinds[] = {LineKind::kOk, LineKind::kWarn, LineKind::kBad, LineKind::kPlain};
  return {std::string(tone_symbol(tone)) + " " + printable(text, kLongest),
          kinds[static_cast<std::size_t>(tone)]};
}

ReportLine part(Tone tone, std::string_view name, const std::string& text) {
  return said(tone, fitted(name, kNames) + text);
}

void add_problem(Tone tone, const std::string& what, std::string_view mend, ReportLines& lines) {
  lines.push_back(said(tone, what));
  if (!mend.empty()) lines.push_back({"    " + printable(mend, kLongest), LineKind::kPlain});
}

void add_no_targets(const ShownStatus& status, ReportLines& lines) {
  if (status.discovered > 0 || !status.scrape.synced) return;
  add_problem(Tone::kWarn, "no targets: there is none below the prefix in etcd",
              "each appears as soon as it is registered; try: promster check, and whether "
              "--scrape.etcd-path is it",
              lines);
}

// Two fifths: three renewals in a row, one each fifth of it, went wrong.
bool lease_runs_out(const ShownStatus& status) {
  return status.registered && status.lease_ttl > 0 &&
         status.lease_remaining * 5 < status.lease_ttl * 2;
}

void add_lease(const ShownStatus& status, ReportLines& lines) {
  if (!lease_runs_out(status)) return;
  add_problem(Tone::kWarn,
              "the lease is not renewed: " + seconds_text(status.lease_remaining) + " of " +
                  seconds_text(status.lease_ttl) + " left",
              "at its end the registration of this node is gone; try: etcdctl endpoint health",
              lines);
}

void add_draining(const ShownStatus& status, ReportLines& lines) {
  const bool drains = status.draining && status.registered;  // later it has drained
  if (drains) {
    add_problem(Tone::kWarn, "this node drains: its siblings take over its targets",
                "a second SIGTERM stops it at once", lines);
  }
  const std::size_t self = drains ? 1 : 0;
  if (status.members_draining <= self) return;
  const std::size_t others = status.members_draining - self;
  add_problem(
      Tone::kWarn,
      counted(others, "node") + (others == 1 ? " drains: the other nodes take over its targets"
                                             : " drain: the other nodes take over their targets"),
      others == 1 ? "it leaves when everything is handed over"
                  : "they leave when everything is handed over",
      lines);
}

// From etcd alone `missing` says only that no node was asked.
ReportLines problems(const ShownStatus& status) {
  ReportLines lines;
  if (status.from_node) {
    for (const std::string& one : status.missing) {
      add_problem(Tone::kBad, one, mend_of(one), lines);
    }
  }
  for (const std::string& one : status.degraded) add_problem(Tone::kWarn, one, mend_of(one), lines);
  for (const ShownRejection& one : status.rejected_examples) {
    add_problem(Tone::kWarn, "etcd key rejected: " + one.key, one.reason, lines);
  }
  if (status.rejected > status.rejected_examples.size()) {
    add_problem(Tone::kWarn, counted(status.rejected, "key") + " of etcd rejected in all",
                "try: promster status targets --state=rejected", lines);
  }
  add_no_targets(status, lines);
  add_lease(status, lines);
  add_draining(status, lines);
  return lines;
}

std::string who_scrapes(const ShownStatus& status) {
  const std::string targets = counted(status.discovered, "target");
  if (!status.registry.enabled) return targets + ", all scraped by each node";
  return counted(status.members, "node") + (status.members == 1 ? " scrapes " : " share ") +
         targets;
}

std::size_t count_of(LineKind kind, const ReportLines& lines) {
  return static_cast<std::size_t>(std::ranges::count(lines, kind, &ReportLine::kind));
}

// No better than the worst of the lines below it: problems, else parts that are not as usual.
ReportLine verdict(const ShownStatus& status, const ReportLines& found, const ReportLines& parts) {
  const std::size_t bad = count_of(LineKind::kBad, found);
  if (status.from_node && !status.ready) {
    return said(Tone::kBad, "Not ready: " + counted(bad, "problem"));
  }
  const auto odd_in = [](const ReportLines& lines) {
    return count_of(LineKind::kBad, lines) + count_of(LineKind::kWarn, lines);
  };
  const std::size_t all = odd_in(found) > 0 ? odd_in(found) : odd_in(parts);
  if (all > 0) {
    return said(Tone::kWarn, (status.from_node ? "It works; " : "") + counted(all, "thing") +
                                 (all == 1 ? " needs a look" : " need a look"));
  }
  const std::string share = who_scrapes(status);
  return status.from_node ? said(Tone::kOk, "All is well: " + share) : said(Tone::kInfo, share);
}

ReportLine registration(const ShownStatus& status) {
  if (!status.registry.enabled) {
    return part(Tone::kInfo, "Registration", "no registry is set: this node scrapes every target");
  }
  if (!status.registered) {
    return part(
        status.withdrawn ? Tone::kWarn : Tone::kBad, "Registration",
        with_reason(status.withdrawn ? "withdrawn" : "not registered", status.registration_reason));
  }
  return part(status.draining || lease_runs_out(status) ? Tone::kWarn : Tone::kOk, "Registration",
              std::string(status.draining ? "draining" : "registered") +
                  ", lease: " + fixed_text(status.lease_remaining, 0) + " s of " +
                  seconds_text(status.lease_ttl) + " left");
}

std::string source_text(const char* name, const ShownSource& source) {
  return std::string(name) + ": " +
         (source.up       ? "revision " + std::to_string(source.revision)
          : source.synced ? "not watched: " + source.reason
                          : "not listed yet: " + source.reason);
}

ReportLine etcd(const ShownStatus& status) {
  const ShownSource &registry = status.registry, &scrape = status.scrape;
  const bool up = scrape.up && (registry.up || !registry.enabled);
  const bool synced = scrape.synced && (registry.synced || !registry.enabled);
  const std::string sources = (registry.enabled ? source_text("registry", registry) + ", " : "") +
                              source_text("targets", scrape);
  const char* state = !status.from_node ? "listed"
                      : up              ? "watched"
                      : synced          ? "lost, the last state stays in use"
                                        : "not listed yet";
  return part(up       ? Tone::kOk
              : synced ? Tone::kWarn
                       : Tone::kBad,
              "etcd", std::string(state) + "; " + sources);
}

ReportLine prometheus(const ShownStatus& status) {
  if (status.prometheus_up)
    return part(Tone::kOk, "Prometheus", "up, " + status.prometheus_version);
  return part(Tone::kBad, "Prometheus", with_reason("not ready", status.prometheus_reason));
}

ReportLine nodes(const ShownStatus& status) {
  std::string text = counted(status.members, "node");
  if (status.members_draining > 0) text += ", " + count_text(status.members_draining) + " draining";
  if (!status.kept.empty()) text += ", " + count_text(status.kept.size()) + " kept";
  if (!status.algorithm.empty()) text += ", " + status.algorithm;
  const bool odd = status.members_draining + status.kept.size() > 0 ||
                   (status.members == 0 && status.registry.enabled);
  return part(odd ? Tone::kWarn : Tone::kOk, "Nodes", text);
}

ReportLine targets(const ShownStatus& status) {
  std::string text = counted(status.discovered, "target");
  if (status.from_node) text += ", " + count_text(status.assigned) + " of them here";
  if (status.moving > 0) text += ", " + count_text(status.moving) + " change hands here";
  if (status.rejected > 0) text += ", " + count_text(status.rejected) + " rejected";
  if (status.held > 0) text += ", " + count_text(status.held) + " held";
  const bool odd = status.rejected + status.held > 0 || status.discovered == 0;
  return part(!status.scrape.synced ? Tone::kBad : odd ? Tone::kWarn : Tone::kOk, "Targets", text);
}

ReportLine configuration(const ShownStatus& status) {
  const double ago = status.time - status.last_accepted.value_or(0);
  const std::string last = status.last_accepted
                               ? "accepted " + seconds_text(std::max(ago, 0.0)) + " ago"
                               : "never accepted in this run";
  if (!status.refused_by.empty()) {
    return part(Tone::kBad, "Configuration", "refused by " + status.refused_by + ", " + last);
  }
  if (!status.configuration_in_use) {
    return part(Tone::kWarn, "Configuration", with_reason("not loaded yet", status.pending));
  }
  return part(Tone::kOk, "Configuration", "in use, " + last);
}

ReportLine headline(const ShownStatus& status) {
  std::string text = "promster " + status.version;
  if (!status.service.empty()) text += "  " + status.service;
  text += status.from_node ? " · " + status.node : " · as etcd has it";
  return {printable(text, kLongest), LineKind::kTitle};
}

ReportLines parts_of(const ShownStatus& status) {
  ReportLines lines;
  if (status.from_node) lines.push_back(registration(status));
  lines.push_back(etcd(status));
  if (status.from_node) lines.push_back(prometheus(status));
  lines.push_back(nodes(status));
  lines.push_back(targets(status));
  if (status.from_node) lines.push_back(configuration(status));
  lines.push_back(part(Tone::kInfo, "Balance", balance_text(status.balance)));
  return lines;
}

}  // namespace

ReportLines overview_lines(const ShownStatus& status) {
  const ReportLines found = problems(status), parts = parts_of(status);
  ReportLines lines{headline(status), verdict(status, found, parts)};
  lines.insert(lines.end(), found.begin(), found.end());
  lines.push_back({});
  lines.insert(lines.end(), parts.begin(), parts.end());
  return lines;
}

}  // namespace promster
