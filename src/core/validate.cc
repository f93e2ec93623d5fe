#include "core/validate.h"

#include <yaml-cpp/yaml.h>

#include <set>
#include <string>

#include "base/duration.h"
#include "base/text.h"
#include "core/labels.h"
#include "core/regex.h"
#include "core/yaml_tree.h"

namespace promster {
namespace {

// One complaint ends the check; it carries the path of what it is about.
struct Complaint {
  std::string path;
  std::string what;
};

[[noreturn]] void complain(const std::string& path, const std::string& what) {
  throw Complaint{path, what};
}

std::string scalar(const YAML::Node& node, const std::string& path) {
  if (!node || !node.IsScalar()) complain(path, "missing, or not a text");
  return node.Scalar();
}

Duration duration(const YAML::Node& node, const std::string& path) {
  const auto parsed = parse_duration(scalar(node, path));
  if (!parsed) complain(path, parsed.error().message);
  if (parsed->count() <= 0) complain(path, "must be longer than 0");
  return *parsed;
}

void check_keys(const YAML::Node& map, const std::set<std::string>& allowed,
                const std::string& path) {
  if (!map.IsMap()) complain(path, "not a map");
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const std::string key = scalar(entry.first, path);
    if (!allowed.contains(key))
      complain(path + "." + printable(key), "not a key that promster writes");
    if (!seen.insert(key).second) complain(path + "." + key, "twice");
  }
}

// The regular expression inside a `match[]` of ours, {__name__=~"..."}, unquoted.
void check_match(const std::string& selector, const std::string& path) {
  constexpr std::string_view kHead = "{__name__=~\"";
  constexpr std::string_view kTail = "\"}";
  if (!selector.starts_with(kHead) || !selector.ends_with(kTail)) complain(path, "not a selector");
  std::string regex;
  const std::string_view quoted = std::string_view(selector).substr(
      kHead.size(), selector.size() - kHead.size() - kTail.size());
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '"') complain(path, "a quote ends the selector early");
    if (quoted[i] == '\\' && ++i == quoted.size()) complain(path, "ends in a backslash");
    regex += quoted[i];
  }
  if (const auto compiled = check_regex(regex); !compiled) complain(path, compiled.error().message);
}

// What the site's own configuration brings: its sections, the settings of its `global`, its jobs.
struct Site {
  std::set<std::string> sections{"global", "rule_files", "scrape_configs"};
  std::set<std::string> globals{"scrape_interval", "scrape_timeout", "evaluation_interval",
                                "external_labels"};
  std::set<std::string> jobs;
  bool given = false;
};

Site site_of(const ApplyConfig& config) {
  const BaseConfig& base = config.base;
  Site site{.given = base.given()};
  site.sections.insert(config.sections.begin(), config.sections.end());
  const auto tree = site.given ? read_yaml(base.text) : Result<YamlTree>(YamlTree());
  if (!tree) complain(base.file, tree.error().message);
  for (const auto& [key, section] : tree->map) {
    site.sections.insert(key.text);
    if (key.text == "global") {
      for (const auto& [name, value] : section.map) site.globals.insert(name.text);
    }
    if (key.text != "scrape_configs") continue;
    for (const YamlTree& job : section.list) {
      if (const YamlTree* name = job.find("job_name")) site.jobs.insert(name->text);
    }
  }
  return site;
}

void check_global(const YAML::Node& global, const Site& site) {
  check_keys(global, site.globals, "global");
  const Duration interval = duration(global["scrape_interval"], "global.scrape_interval");
  const Duration timeout = duration(global["scrape_timeout"], "global.scrape_timeout");
  duration(global["evaluation_interval"], "global.evaluation_interval");
  if (timeout > interval) complain("global.scrape_timeout", "longer than scrape_interval");
}

void check_job(const YAML::Node& job, const std::string& path) {
  check_keys(job,
             {"job_name", "honor_labels", "honor_timestamps", "scrape_interval", "scrape_timeout",
              "params", "metrics_path", "scheme", "tls_config", "follow_redirects",
              "file_sd_configs", "static_configs", "metric_relabel_configs"},
             path);
  if (scalar(job["job_name"], path + ".job_name").empty()) complain(path + ".job_name", "empty");
  if (job["metrics_path"] &&
      !scalar(job["metrics_path"], path + ".metrics_path").starts_with('/')) {
    complain(path + ".metrics_path", "must start with /");
  }
  if (const YAML::Node scheme = job["scheme"];
      scheme && scheme.Scalar() != "http" && scheme.Scalar() != "https") {
    complain(path + ".scheme", "must be http or https");
  }
  if (const YAML::Node params = job["params"]; params) {
    check_keys(params, {"match[]"}, path + ".params");
    for (const auto& selector : params["match[]"]) {
      check_match(scalar(selector, path + ".params"), path + ".params.match[]");
    }
  }
  if (!job["file_sd_configs"] && !job["static_configs"]) complain(path, "has no targets");
}

// Ours, where there is no other.
void check_alerting(const YAML::Node& alerting) {
  check_keys(alerting, {"alertmanagers"}, "alerting");
  for (const YAML::Node& one : alerting["alertmanagers"]) {
    check_keys(one, {"scheme", "path_prefix", "static_configs"}, "alerting.alertmanagers");
  }
}

void check_prometheus_yml(const YAML::Node& root, const Site& site) {
  check_keys(root, site.sections, "prometheus.yml");
  if (!root["global"]) complain("global", "missing");
  check_global(root["global"], site);
  if (!site.given && root["alerting"]) check_alerting(root["alerting"]);
  const YAML::Node jobs = root["scrape_configs"];
  if (!jobs || !jobs.IsSequence() || jobs.size() == 0) complain("scrape_configs", "empty");
  std::set<std::string> names;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string path = "scrape_configs[" + std::to_string(i) + "]";
    if (!jobs[i].IsMap()) complain(path, "not a map");
    const std::string name = scalar(jobs[i]["job_name"], path + ".job_name");
    if (!site.jobs.contains(name)) check_job(jobs[i], path);
    if (!names.insert(name).second)
      complain(path + ".job_name", "\"" + printable(name) + "\" is there twice");
  }
}

void check_rule(const YAML::Node& rule, const std::string& path) {
  const bool alert = rule.IsMap() && rule["alert"];
  check_keys(rule,
             alert ? std::set<std::string>{"alert", "expr", "for", "labels", "annotations"}
                   : std::set<std::string>{"record", "expr", "labels"},
             path);
  if (alert && scalar(rule["alert"], path + ".alert").empty()) complain(path + ".alert", "empty");
  if (!alert && !is_metric_name(scalar(rule["record"], path + ".record"))) {
    complain(path + ".record", "not a metric name");
  }
  if (trim(scalar(rule["expr"], path + ".expr")).empty()) complain(path + ".expr", "empty");
  for (const std::string key : {"labels", "annotations"}) {
    for (const auto& label : rule[key]) {
      const std::string where = path + "." + key;
      if (!is_label_name(scalar(label.first, where))) complain(where, "not a label name");
      scalar(label.second, where);
    }
  }
}

void check_rules_yml(const YAML::Node& root) {
  check_keys(root, {"groups"}, "rules.yml");
  if (!root["groups"] || !root["groups"].IsSequence()) complain("groups", "missing");
  for (const auto& group : root["groups"]) {
    check_keys(group, {"name", "rules"}, "groups");
    const YAML::Node rules = group["rules"];
    for (std::size_t i = 0; i < rules.size(); ++i) {
      check_rule(rules[i], "rules[" + std::to_string(i) + "]");
    }
  }
}

template <class Check>
Result<void> checked(std::string_view text, const std::string& file, Check check) {
  try {
    check(YAML::Load(std::string(text)));
    return {};
  } catch (const Complaint& complaint) {
    return Error{file + ": " + complaint.path + ": " + complaint.what};
  } catch (const YAML::Exception& failure) {
    return Error{file + ": " + failure.what()};
  }
}

}  // namespace

Result<void> validate_config(const ApplyConfig& config) {
  const auto check = [&](const YAML::Node& root) { check_prometheus_yml(root, site_of(config)); };
  if (auto valid = checked(config.prometheus_yml, "prometheus.yml", check); !valid) return valid;
  return checked(config.rules_yml, "rules.yml", check_rules_yml);
}

}  // namespace promster
