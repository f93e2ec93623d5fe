#include <algorithm>
#include <iomanip>
#include <ostream>

#include "agent/advertise.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/patience.h"
#include "core/json_text.h"

namespace promster {
namespace {

// The settings, and the rules and alerts in the same form.
std::vector<Provenance> rows(const LoadedSettings& loaded) {
  std::vector<Provenance> all = loaded.provenance;
  for (const RecordingRule& rule : loaded.settings.rules) {
    const std::string stem = "RECORD_RULE_" + std::to_string(rule.number);
    all.push_back({stem, rule.name + " = " + rule.expr, stem + "_EXPR"});
  }
  for (const AlertRule& rule : loaded.settings.alerts) {
    const std::string stem = "ALERT_RULE_" + std::to_string(rule.number);
    all.push_back({stem, rule.name + " if " + rule.expr, stem + "_EXPR"});
  }
  return all;
}

void print_table(const std::vector<Provenance>& all, std::ostream& out) {
  std::size_t name_width = 0, value_width = 0;
  for (const Provenance& row : all) {
    name_width = std::max(name_width, row.name.size());
    value_width = std::max(value_width, std::min<std::size_t>(40, printable(row.value).size()));
  }
  for (const Provenance& row : all) {
    const std::string value = row.value.empty() ? "-" : printable(row.value);
    out << std::left << std::setw(static_cast<int>(name_width) + 2) << row.name
        << std::setw(static_cast<int>(value_width)) << value << "  " << row.source << "\n";
  }
}

void print_json(const std::vector<Provenance>& all, std::ostream& out) {
  out << "[";
  const char* separator = "\n";
  for (const Provenance& row : all) {
    out << separator << "  {\"name\": " << json_quote(row.name)
        << ", \"value\": " << json_quote(row.value) << ", \"source\": " << json_quote(row.source)
        << "}";
    separator = ",\n";
  }
  out << "\n]\n";
}

// What only the network of this machine can tell.
void find_out_address(const CommandCall& call, std::vector<Provenance>& all) {
  const Settings& settings = call.loaded.settings;
  const auto row = std::ranges::find(all, "registry.advertise-address", &Provenance::name);
  if (row == all.end() || !row->value.empty() || !settings.registry.enabled()) return;
  const Patience patience(call.err, "the addresses of " + etcds_of(settings));
  const auto address = find_node_name(settings);
  if (!address) return;
  row->value = *address;
  row->source = "derived from the route to registry.etcd-url, and prometheus.url";
}

int print_config(const CommandCall& call) {
  print_warnings(call);
  std::vector<Provenance> all = rows(call.loaded);
  if (call.loaded.errors.empty()) find_out_address(call, all);
  if (call.text("--output") == "json") {
    print_json(all, call.out);
  } else {
    print_table(all, call.out);
  }
  call.out.flush();
  for (const std::string& error : call.loaded.errors) print_error(call.err, error);
  return call.loaded.errors.empty() ? kExitFine : kExitUsage;
}

}  // namespace

Command config_command() {
  return {
      .name = "config",
      .summary = "prints every setting in effect, and where it came from",
      .about =
          "Secrets are masked. What nobody set is a default, or was derived from what it "
          "names. Errors of the settings come last, on the standard error.",
      .takes_settings = true,
      .bears_bad_settings = true,
      .options = {output_option()},
      .examples = {{"promster config", "says which variable or flag each setting came from."},
                   {"promster config -o json | jq -r '.[] | select(.source != \"default\").name'",
                    "lists what is set."}},
      .exits = {{kExitFine, "printed"},
                {kExitFailed, "failed"},
                {kExitUsage, "printed, and something is wrong with the settings"}},
      .run = print_config};
}

}  // namespace promster
