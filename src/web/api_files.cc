#include "web/api_files.h"

#include <string_view>

#include "core/render.h"
#include "web/json_object.h"

namespace promster {
namespace {

constexpr std::size_t kMostContent = 256 << 10;

// Not in the midst of a character.
std::string_view beginning(std::string_view text) {
  if (text.size() <= kMostContent) return text;
  std::size_t end = kMostContent;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string file_json(const ShownFile& file) {
  const std::string_view content = file.content ? std::string_view(*file.content) : "";
  const std::string_view shown = beginning(content);
  return JsonObject()
      .text("name", file.name)
      .count("bytes", content.size())
      .number("written", file.written > 0 ? std::optional(file.written) : std::nullopt)
      .text("content", shown)
      .flag("cut", shown.size() < content.size())
      .str();
}

JsonObject both_forms(const ShownRule& rule) {
  JsonObject json;
  json.text("name", rule.name)
      .text("expr", rule.expr)
      .flag("guarded", rule.guarded)
      .text("written_expr", rule.written_expr);
  return json;
}

std::string rule_json(const ShownRule& rule) {
  return both_forms(rule).str();
}

std::string alert_json(const ShownRule& alert) {
  return both_forms(alert).text("for", alert.after).str();
}

std::string setting_json(const ShownSetting& setting) {
  return JsonObject()
      .text("name", setting.name)
      .text("value", setting.value)
      .text("source", setting.source)
      .str();
}

}  // namespace

std::string files_json(const Snapshot& snapshot, const std::vector<ShownRule>& rules,
                       const std::vector<ShownRule>& alerts) {
  return JsonObject()
      .json("files", json_array(snapshot.files, file_json))
      .json("rules", json_array(rules, rule_json))
      .json("alerts", json_array(alerts, alert_json))
      .str();
}

std::string settings_json(const std::vector<ShownSetting>& settings) {
  return JsonObject().json("settings", json_array(settings, setting_json)).str();
}

const std::string* targets_file(const Snapshot& snapshot) {
  for (const ShownFile& file : snapshot.files) {
    if (file.name == kTargetsFile) return file.content.get();
  }
  return nullptr;
}

}  // namespace promster
