#pragma once

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "base/file.h"

// docs/metrics.md against an exposition. For tests.
namespace promster {

// Label names with the values that are named; none named: any value.
using LabelValues = std::map<std::string, std::set<std::string>>;

struct MetricReference {
  std::string type;
  LabelValues labels;
};
using MetricReferences = std::map<std::string, MetricReference>;

// "`a`: x, y; `b`" is a with the values x and y, and b with any.
inline LabelValues read_label_cell(const std::string& cell) {
  static const std::regex label("`([a-z_]+)`(: ([^;]*))?");
  static const std::regex value("[^, ]+");
  LabelValues labels;
  for (std::sregex_iterator it(cell.begin(), cell.end(), label), end; it != end; ++it) {
    auto& values = labels[(*it)[1]];
    const std::string list = (*it)[3];
    for (std::sregex_iterator one(list.begin(), list.end(), value); one != end; ++one) {
      values.insert(one->str());
    }
  }
  return labels;
}

// The rows of the tables of docs/metrics.md, by name.
inline MetricReferences read_metric_references() {
  static const std::regex row(R"(^\| `([a-z_]+)` \| ([a-z]+) \| ([^|]*)\|.*)");
  MetricReferences result;
  std::istringstream page(*read_file(PROMSTER_SOURCE_DIR "/docs/metrics.md"));
  for (std::string line; std::getline(page, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    result[match[1]] = {.type = match[2], .labels = read_label_cell(match[3])};
  }
  return result;
}

// What an exposition has: types, and the label values that occur. The buckets of a histogram are
// its own, and so is their label `le`.
inline MetricReferences read_exposition(const std::string& text) {
  static const std::regex type("^# TYPE ([a-z_]+) ([a-z]+)$");
  static const std::regex sample(R"(^([a-z_]+)(\{(.*)\})? [^ ]+$)");
  static const std::regex label(R"re(([a-z_]+)="((?:[^"\\]|\\.)*)")re");
  MetricReferences result;
  std::string family;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, type)) {
      family = match[1];
      result[family].type = match[2];
    } else if (std::regex_match(line, match, sample)) {
      const std::string labels = match[3];
      for (std::sregex_iterator it(labels.begin(), labels.end(), label), end; it != end; ++it) {
        if ((*it)[1] != "le") result[family].labels[(*it)[1]].insert((*it)[2]);
      }
    }
  }
  return result;
}

// What an exposition has that the page does not say; a line each, empty where all is said.
inline std::string missing_in_reference(const MetricReferences& seen,
                                        const MetricReferences& page) {
  std::string wrong;
  for (const auto& [name, metric] : seen) {
    const auto said = page.find(name);
    if (said == page.end()) {
      wrong += name + " is not in docs/metrics.md\n";
      continue;
    }
    if (said->second.type != metric.type) wrong += name + " is a " + metric.type + "\n";
    for (const auto& [label, values] : metric.labels) {
      const auto known = said->second.labels.find(label);
      if (known == said->second.labels.end()) {
        wrong += name + " has the label " + label + "\n";
        continue;
      }
      for (const std::string& value : values) {
        const bool listed = known->second.empty() || known->second.contains(value);
        if (!listed) wrong += name + " has " + label + "=\"" + value + "\"\n";
      }
    }
  }
  return wrong;
}

}  // namespace promster
