// Recording rules from the environment: any text gives rules or errors, and what is rendered passes
// our own check of structure.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "base/text.h"
#include "core/recording_rule.h"
#include "core/render.h"
#include "core/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace promster;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto parts = split(bytes, '\n');
  if (parts.size() < 3) return 0;
  const RecordingRules rules =
      recording_rules_from({{"RECORD_RULE_1_NAME", std::string(parts[0])},
                            {"RECORD_RULE_1_EXPR", std::string(parts[1])},
                            {"RECORD_RULE_1_LABELS", std::string(parts[2])}});
  if (!rules.errors.empty() || rules.rules.empty()) return 0;
  Settings settings;
  settings.rules = rules.rules;
  if (!validate_config(render_config(settings, {}))) std::abort();
  return 0;
}
