#include <ostream>

#include "cli/commands.h"
#include "cli/explain_report.h"
#include "cli/status_reader.h"
#include "cli/status_source.h"

namespace promster {
namespace {

constexpr const char* kNotSharded =
    "SCRAPE_SHARD_ENABLE is false; every node scrapes every target; try: --scrape.shard";
constexpr const char* kNoRegistry =
    "REGISTRY_ETCD_URL (--registry.etcd-url) is not set; without a registry every node scrapes "
    "every target; try: REGISTRY_ETCD_URL=http://etcd:2379, or --url";

// etcd, where the settings say which; else the node on this machine, as `status` does.
Result<StatusSource, CallError> open_source(const CommandCall& call) {
  if (!call.text("--url").empty()) return open_node(call);
  const Settings& settings = call.loaded.settings;
  if (!call.loaded.errors.empty()) return open_local_node(call, call.loaded.errors.front());
  if (!settings.registry.enabled()) return open_local_node(call, kNoRegistry);
  if (!settings.sharding()) return CallError{{kNotSharded}};
  return open_etcd(call, false);
}

int explain_one(const CommandCall& call) {
  if (call.positionals.size() != 1) {
    return fail_call(call, {{"explain needs one target; try: promster explain 10.0.0.1:80"}});
  }
  const auto source = open_source(call);
  if (!source) return fail_call(call, source.error());
  const auto data = source->ask(with_query("explain", {{"target", call.positionals[0]}}));
  if (!data) return fail_call(call, {{data.error().message}, kExitFailed});
  if (call.text("--output") == "json") {
    call.out << indented_json(*data) << "\n";
    return kExitFine;
  }
  const auto explained = read_explanation(*data);
  if (!explained) return fail_call(call, {{explained.error().message}, kExitFailed});
  print_explanation(*explained, call.out);
  return kExitFine;
}

std::vector<CommandOption> explain_options() {
  std::vector<CommandOption> options = node_options();
  options.front().help =
      "a node whose page is asked, with the target's health; by default etcd is, or, where no etcd "
      "is set, the node on this machine";
  options.push_back(output_option());
  return options;
}

}  // namespace

Command explain_command() {
  return {.name = "explain",
          .summary = "says who scrapes a target, why, and who would if that node died",
          .takes_settings = true,
          .bears_bad_settings = true,
          .options = explain_options(),
          .positionals = "TARGET",
          .examples = {{"promster explain 10.0.0.7:8080",
                        "says who scrapes that target, and who would if that node died."},
                       {"promster explain 10.0.0.7:8080 --url=http://10.0.0.1:9096",
                        "asks a node, which also says how the target is."},
                       {"promster explain -o json /webservers/generator/10.0.0.7:8080",
                        "the same by the key in etcd, for a program."}},
          .run = explain_one};
}

}  // namespace promster
