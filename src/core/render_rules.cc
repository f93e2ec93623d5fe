#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "core/ownership_guard.h"
#include "core/render.h"
#include "core/rule_phase.h"

namespace promster {
namespace {

bool guarded(const Settings& settings, const RecordingRule& rule) {
  return settings.rules_guard && rule.guard;
}

void emit_rule(YAML::Emitter& out, const RecordingRule& rule, const std::string& expr) {
  out << YAML::BeginMap;
  out << YAML::Key << "record" << YAML::Value << YAML::DoubleQuoted << rule.name;
  out << YAML::Key << "expr" << YAML::Value << YAML::DoubleQuoted << expr;
  if (!rule.labels.empty()) {
    out << YAML::Key << "labels" << YAML::Value << YAML::BeginMap;
    for (const auto& [name, value] : rule.labels.pairs()) {
      out << YAML::Key << YAML::DoubleQuoted << name;
      out << YAML::Value << YAML::DoubleQuoted << value;
    }
    out << YAML::EndMap;
  }
  out << YAML::EndMap;
}

}  // namespace

std::string render_rules_yml(const Settings& settings) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "groups" << YAML::Value << YAML::BeginSeq;
  if (!settings.rules.empty()) {
    const std::string path = settings.prometheus.config_dir + "/" + std::string(kRulesFile);
    out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << YAML::DoubleQuoted
        << aligned_group_name("env-rules", path, settings.evaluation_interval);
    out << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
    for (const RecordingRule& rule : settings.rules) {
      emit_rule(out, rule, guarded(settings, rule) ? guard_expression(rule.expr).expr : rule.expr);
    }
    out << YAML::EndSeq << YAML::EndMap;
  }
  out << YAML::EndSeq << YAML::EndMap;
  return "# Written by promster; changes here are overwritten.\n" + std::string(out.c_str()) + "\n";
}

Duration longest_guarded_range(const Settings& settings) {
  Duration longest{};
  for (const RecordingRule& rule : settings.rules) {
    if (guarded(settings, rule)) {
      longest = std::max(longest, guard_expression(rule.expr).longest_range);
    }
  }
  return longest;
}

}  // namespace promster
