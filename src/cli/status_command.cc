#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/status_follow.h"
#include "cli/status_reader.h"
#include "cli/status_report.h"
#include "cli/status_source.h"

namespace promster {
namespace {

// What is asked for: a word of the command line, and what the API calls it.
struct Topic {
  std::string word;      // empty: the overview
  std::string resource;  // with its query
};

std::string targets_resource(const CommandCall& call) {
  const std::string query = call.positionals.size() > 1 ? call.positionals[1] : "";
  return with_query("targets", {{"q", query},
                                {"owner", call.text("--owner")},
                                {"state", call.text("--state")},
                                {"limit", call.text("--limit")},
                                {"offset", call.text("--offset")},
                                {"health", call.flag("--health") ? "true" : ""}});
}

// The first option that is given but says nothing about the topic; empty: none.
std::string stray_option(const CommandCall& call, const std::string& word) {
  if (word != "targets") {
    for (const char* name : {"--owner", "--state"}) {
      if (!call.text(name).empty()) return name;
    }
    if (call.flag("--health")) return "--health";
    if (word != "history") {
      for (const char* name : {"--limit", "--offset"}) {
        if (!call.text(name).empty()) return name;
      }
    }
  }
  return call.flag("--follow") && word != "history" ? "--follow" : "";
}

Result<Topic> read_topic(const CommandCall& call) {
  const std::string word = call.positionals.empty() ? "" : call.positionals[0];
  const std::size_t most = word == "targets" ? 2 : 1;
  const bool known =
      word.empty() || word == "nodes" || word == "targets" || word == "levels" || word == "history";
  if (!known || call.positionals.size() > most) {
    return Error{
        "status knows nodes, targets with a query, levels and history; try: promster help status"};
  }
  if (const std::string stray = stray_option(call, word); !stray.empty()) {
    return Error{stray + "; it says nothing about " + (word.empty() ? "the overview" : word) +
                 "; try: promster help status"};
  }
  if (word == "targets") return Topic{word, targets_resource(call)};
  if (word == "history") {
    return Topic{word, with_query("history", {{"limit", call.text("--limit")},
                                              {"offset", call.text("--offset")}})};
  }
  return Topic{word, word.empty() ? "status" : word};
}

template <class Shown>
Result<ReportLines> lines_of(const Result<Shown>& shown, ReportLines (*lines)(const Shown&)) {
  if (!shown) return shown.error();
  return lines(*shown);
}

// etcd knows no node that is this one.
Result<ShownLevels> levels_without_self(const std::string& data) {
  auto levels = read_levels(data);
  if (levels) {
    for (ShownLevel& level : levels->levels) level.self = false;
  }
  return levels;
}

Result<ReportLines> report(const std::string& word, const std::string& data, bool from_node) {
  if (word == "nodes") return lines_of(read_nodes(data), &nodes_lines);
  if (word == "targets") return lines_of(read_targets(data), &targets_lines);
  if (word == "levels") {
    return lines_of(from_node ? read_levels(data) : levels_without_self(data), &levels_lines);
  }
  if (word == "history") return lines_of(read_history(data), &history_lines);
  return lines_of(read_status(data), &overview_lines);
}

// That there is no such node, where targets of --owner are asked for and there are none; empty:
// there is, or nobody knows.
std::string unknown_owner(const CommandCall& call, const Topic& topic, const std::string& data,
                          const StatusSource& source) {
  const std::string& owner = call.text("--owner");
  if (topic.word != "targets" || owner.empty()) return "";
  const auto targets = read_targets(data);
  if (!targets || targets->total > 0) return "";
  const auto answer = source.ask("nodes");
  if (!answer) return "";
  const auto nodes = read_nodes(*answer);
  if (!nodes) return "";
  std::vector<std::string> names;
  for (const ShownNode& node : nodes->nodes) names.push_back(node.name);
  if (std::ranges::find(names, owner) != names.end()) return "";
  const auto meant = did_you_mean(owner, names);
  return "--owner; \"" + printable(owner) + "\" is no node; " +
         (meant ? "did you mean " + printable(*meant) + "?" : "try: promster status nodes");
}

// A node that is not ready is a failure; of etcd alone nobody knows.
int exit_code(const std::string& word, const std::string& data) {
  if (!word.empty()) return kExitFine;
  const auto status = read_status(data);
  return status && status->from_node && !status->ready ? kExitFailed : kExitFine;
}

int show(const CommandCall& call, const Topic& topic, const StatusSource& source) {
  const auto data = source.ask(topic.resource);
  if (!data) return fail_call(call, {{data.error().message}, kExitFailed});
  if (const std::string wrong = unknown_owner(call, topic, *data, source); !wrong.empty()) {
    return fail_call(call, {{wrong}, kExitFailed});
  }
  if (call.text("--output") == "json") {
    call.out << indented_json(*data) << "\n";
    return exit_code(topic.word, *data);
  }
  const auto lines = report(topic.word, *data, source.node.has_value());
  if (!lines) return fail_call(call, {{lines.error().message}, kExitFailed});
  for (const ReportLine& line : *lines) call.out << line.text << "\n";
  return exit_code(topic.word, *data);
}

int status(const CommandCall& call) {
  const auto topic = read_topic(call);
  if (!topic) return fail_call(call, {{topic.error().message}});
  const auto source = open_status_source(call);
  if (!source) return fail_call(call, source.error());
  if (!call.flag("--follow")) return show(call, *topic, *source);
  const Error ended =
      follow_history(*source, topic->resource, call.text("--output") == "json", call.out);
  return fail_call(call, {{ended.message}, kExitFailed});
}

std::vector<CommandOption> status_options() {
  using Kind = CommandOption::Kind;
  std::vector<CommandOption> options = node_options();
  options.push_back(from_option());
  const std::vector<CommandOption> own{
      {.name = "--owner",
       .kind = Kind::kText,
       .help = "only the targets of this node",
       .value = "NODE"},
      {.name = "--state",
       .kind = Kind::kText,
       .help = "only such targets; up, down and unknown ask the Prometheus of each owner",
       .choices = {"up", "down", "unknown", "moving", "held", "rejected"}},
      {.name = "--health", .help = "asks the Prometheus of each owner how the targets are"},
      {.name = "--limit",
       .kind = Kind::kNumber,
       .help = "so many targets (50) or changes (100) at most"},
      {.name = "--offset", .kind = Kind::kNumber, .help = "leaves out the first"},
      {.name = "--follow", .help = "history: goes on as changes happen"}};
  options.insert(options.end(), own.begin(), own.end());
  options.push_back(output_option());
  return options;
}

}  // namespace

Command status_command() {
  return {.name = "status",
          .summary = "says how a node and its cluster are, and who scrapes what",
          .about =
              "Asks a running node, or etcd where none answers. With -o json it prints the "
              "data of the API's answer (/api/v1/openapi.yaml). A node that is ready but has "
              "something to complain of (\"degraded\") goes on scraping: that is exit code 0.",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = status_options(),
          .positionals = "[nodes | targets [QUERY] | levels | history]",
          .words = {"nodes", "targets", "levels", "history"},
          .examples = {{"promster status", "says whether all is well, problems first."},
                       {"promster status nodes", "lists the nodes with what each owns."},
                       {"promster status targets 10.0.0. --health",
                        "searches targets, and asks how they are."},
                       {"promster status levels --from=etcd", "draws the levels without a node."},
                       {"promster status history --follow --url=http://10.0.0.1:9096",
                        "prints what happens to the cluster as it happens."}},
          .exits = {{kExitFine, "fine, or only degraded"},
                    {kExitFailed, "the node is not ready, or nobody answered"},
                    {kExitUsage, "wrong usage or settings"}},
          .run = status};
}

}  // namespace promster
