#include <algorithm>
#include <iomanip>
#include <ostream>

#include "base/text.h"
#include "cli/commands.h"
#include "core/json_text.h"

namespace promster {
namespace {

// The settings, and the recording rules in the same form.
std::vector<Provenance> rows(const LoadedSettings& loaded) {
  std::vector<Provenance> all = loaded.provenance;
  for (const RecordingRule& rule : loaded.settings.rules) {
    const std::string stem = "RECORD_RULE_" + std::to_string(rule.number);
    all.push_back({stem, rule.name + " = " + rule.expr, stem + "_EXPR"});
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
        << std::setw(static_cast<int>(value_width) + 2) << value << row.source << "\n";
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

int print_config(const CommandCall& call) {
  print_warnings(call);
  const std::vector<Provenance> all = rows(call.loaded);
  if (call.text("--output") == "json") {
    print_json(all, call.out);
  } else {
    print_table(all, call.out);
  }
  return kExitFine;
}

}  // namespace

Command config_command() {
  return {.name = "config",
          .summary = "prints every setting in effect, and where it came from",
          .takes_settings = true,
          .options = {output_option()},
          .run = print_config};
}

}  // namespace promster
