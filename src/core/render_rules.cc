#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "core/ownership_guard.h"
#include "core/render.h"
#include "core/rule_phase.h"

namespace promster {
namespace {

void emit_text(YAML::Emitter& out, const char* key, const std::string& value) {
  out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
}

void emit_labels(YAML::Emitter& out, const char* key, const Labels& labels) {
  if (labels.empty()) return;
  out << YAML::Key << key << YAML::Value << YAML::BeginMap;
  for (const auto& [name, value] : labels.pairs()) {
    out << YAML::Key << YAML::DoubleQuoted << name;
    out << YAML::Value << YAML::DoubleQuoted << value;
  }
  out << YAML::EndMap;
}

// What is written of a rule's or an alert's expression.
template <class Rule>
std::string written_expr(const Settings& settings, const Rule& rule) {
  return settings.rules_guard && rule.guard ? guard_expression(rule.expr).expr : rule.expr;
}

void emit_rule(YAML::Emitter& out, const Settings& settings, const RecordingRule& rule) {
  out << YAML::BeginMap;
  emit_text(out, "record", rule.name);
  emit_text(out, "expr", written_expr(settings, rule));
  emit_labels(out, "labels", rule.labels);
  out << YAML::EndMap;
}

void emit_rule(YAML::Emitter& out, const Settings& settings, const AlertRule& rule) {
  out << YAML::BeginMap;
  emit_text(out, "alert", rule.name);
  emit_text(out, "expr", written_expr(settings, rule));
  if (rule.after) emit_text(out, "for", format_duration(*rule.after));
  emit_labels(out, "labels", rule.labels);
  emit_labels(out, "annotations", rule.annotations);
  out << YAML::EndMap;
}

template <class Rules>
void emit_group(YAML::Emitter& out, const Settings& settings, std::string_view base,
                const Rules& rules) {
  if (rules.empty()) return;
  const std::string path = settings.prometheus.config_dir + "/" + std::string(kRulesFile);
  out << YAML::BeginMap;
  emit_text(out, "name", aligned_group_name(base, path, settings.evaluation_interval));
  out << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
  for (const auto& rule : rules) emit_rule(out, settings, rule);
  out << YAML::EndSeq << YAML::EndMap;
}

// Calls `see` with each rule and alert.
template <class See>
void for_each_rule(const Settings& settings, See see) {
  for (const RecordingRule& rule : settings.rules) see(rule.expr, rule.guard);
  for (const AlertRule& rule : settings.alerts) see(rule.expr, rule.guard);
}

}  // namespace

std::string render_rules_yml(const Settings& settings) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "groups" << YAML::Value << YAML::BeginSeq;
  emit_group(out, settings, "env-rules", settings.rules);
  emit_group(out, settings, "env-alerts", settings.alerts);
  out << YAML::EndSeq << YAML::EndMap;
  return "# Written by promster; changes here are overwritten.\n" + std::string(out.c_str()) + "\n";
}

bool any_rule_guarded(const Settings& settings) {
  bool any = false;
  for_each_rule(settings, [&](const std::string&, bool guard) { any = any || guard; });
  return any && settings.rules_guard;
}

Duration longest_guarded_range(const Settings& settings) {
  Duration longest{};
  for_each_rule(settings, [&](const std::string& expr, bool guard) {
    if (!guard || !settings.rules_guard) return;
    longest = std::max(longest, guard_expression(expr).longest_range);
  });
  return longest;
}

Duration longest_range(const Settings& settings) {
  Duration longest{};
  for_each_rule(settings, [&](const std::string& expr, bool) {
    longest = std::max(longest, guard_expression(expr).longest_range);
  });
  return longest;
}

}  // namespace promster
