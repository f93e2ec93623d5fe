// deploy/mixin as it is committed: fresh, accepted by promtool, tested alert by alert, with a
// runbook for each, and of metrics that there are.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/process.h"
#include "cluster/temp_dir.h"
#include "prom/files.h"
#include "web/metrics_reference_for_test.h"

namespace promster {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr Duration kLong = std::chrono::seconds(60);
const std::string kMixin = PROMSTER_SOURCE_DIR "/deploy/mixin";
const std::string kRunbooks = PROMSTER_SOURCE_DIR "/docs/runbooks";

std::string text_of(const fs::path& path) {
  const auto content = read_file(path.string());
  return content ? *content : "cannot be read: " + content.error().message;
}

// What a program prints; of one that fails its words, after its status.
std::string output_of(const std::vector<std::string>& argv) {
  const auto run = run_program(argv, kLong);
  if (!run) return run.error().message;
  return run->status.code == 0 ? run->text : run->status.text() + ": " + run->text;
}

// A field of the mixin, as jsonnet evaluates it.
json mixin(const std::string& field) {
  return json::parse(
      output_of({"jsonnet", "-e", "(import '" + kMixin + "/mixin.libsonnet')." + field}));
}

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      result[fs::relative(entry.path(), folder).string()] = text_of(entry.path());
    }
  }
  return result;
}

// The rules of all groups of a field.
std::vector<json> rules(const std::string& field) {
  std::vector<json> result;
  const json all = mixin(field);
  for (const json& group : all.at("groups")) {
    for (const json& rule : group.at("rules")) result.push_back(rule);
  }
  return result;
}

std::set<std::string> alerts() {
  std::set<std::string> names;
  for (const json& rule : rules("prometheusAlerts")) {
    names.insert(rule.at("alert").get<std::string>());
  }
  return names;
}

// All expressions of a dashboard, with its variables filled in.
std::vector<std::string> expressions(const json& dashboard) {
  std::vector<std::string> result;
  for (const json& panel : dashboard.at("panels")) {
    for (const json& target : panel.value("targets", json::array())) {
      std::string expr = target.at("expr").get<std::string>();
      for (const char* variable : {"$__rate_interval", "$service", "$instance"}) {
        const std::string name = variable;
        for (auto at = expr.find(name); at != expr.npos; at = expr.find(name)) {
          expr.replace(at, name.size(), name == "$__rate_interval" ? "5m" : "a");
        }
      }
      result.push_back(expr);
    }
  }
  return result;
}

TEST(Mixin, WhatIsRenderedIsFresh) {
  const auto dir = TempDir::make("mixin-test").value();
  const std::string printed = output_of({kMixin + "/render", dir.path()});
  EXPECT_EQ(printed, "");
  const auto fresh = files_below(dir.path());
  EXPECT_EQ(fresh.size(), 4u);
  EXPECT_TRUE(fresh == files_below(kMixin + "/rendered")) << "run deploy/mixin/render";
}

TEST(Mixin, PromtoolAcceptsTheRules) {
  for (const char* file : {"alerts.yaml", "rules.yaml"}) {
    const std::string said = output_of(
        {"promtool", "check", "rules", "--lint=all", "--lint-fatal", kMixin + "/rendered/" + file});
    EXPECT_NE(said.find("SUCCESS"), said.npos) << said;
  }
}

TEST(Mixin, TheUnitTestsPass) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(kMixin + "/tests")) {
    const std::string said = output_of({"promtool", "test", "rules", entry.path().string()});
    EXPECT_NE(said.find("SUCCESS"), said.npos) << said;
    ++files;
  }
  EXPECT_EQ(files, 4);
}

TEST(Mixin, EachAlertFiresInATestAndIsSilentInOne) {
  std::string tests;
  for (const auto& [name, content] : files_below(kMixin + "/tests")) tests += content;
  for (const std::string& alert : alerts()) {
    const std::string ours = "ALERTS{alertname=\"" + alert + "\", alertstate=\"firing\"";
    EXPECT_NE(tests.find("labels: '" + ours), tests.npos) << alert << " never fires";
    const std::regex silent("expr: ALERTS\\{alertname=\"" + alert +
                            "\", [^\n]*\n[^\n]*\n *exp_samples: \\[\\]");
    EXPECT_TRUE(std::regex_search(tests, silent)) << alert << " is never silent";
  }
}

TEST(Mixin, EachAlertHasARunbookAndEachRunbookAnAlert) {
  const std::set<std::string> names = alerts();
  EXPECT_GT(names.size(), 15u);
  for (const std::string& name : names) {
    const std::string page = text_of(kRunbooks + "/" + name + ".md");
    for (const std::string& part :
         {"# " + name + "\n", std::string("\n## Meaning\n"), std::string("\n## Impact\n"),
          std::string("\n## Diagnosis\n"), std::string("\n## Mitigation\n")}) {
      EXPECT_NE(("\n" + page).find(part), page.npos) << name << ".md lacks " << part;
    }
  }
  for (const auto& entry : fs::directory_iterator(kRunbooks)) {
    const std::string name = entry.path().stem().string();
    EXPECT_TRUE(name == "README" || names.contains(name)) << name << " is no alert";
  }
}

TEST(Mixin, TheRunbooksNameCommandsThatThereAre) {
  const std::string help = output_of({PROMSTER_BINARY, "--help"});
  const std::regex command("`promster ([a-z-]+)");
  int found = 0;
  for (const auto& [name, page] : files_below(kRunbooks)) {
    for (std::sregex_iterator it(page.begin(), page.end(), command), end; it != end;
         ++it, ++found) {
      EXPECT_NE(help.find("\n  " + (*it)[1].str() + " "), help.npos) << name << ": " << it->str();
    }
  }
  EXPECT_GT(found, 20);
}

TEST(Mixin, EachAlertSaysHowBadItIsAndWhereToRead) {
  for (const json& rule : rules("prometheusAlerts")) {
    const std::string name = rule.at("alert").get<std::string>();
    const std::string severity = rule.at("labels").at("severity").get<std::string>();
    EXPECT_TRUE(severity == "critical" || severity == "warning") << name;
    const json& notes = rule.at("annotations");
    EXPECT_EQ(notes.at("runbook_url"), "docs/runbooks/" + name + ".md");
    EXPECT_NE(notes.at("summary"), "") << name;
    EXPECT_NE(notes.at("description"), "") << name;
  }
}

// Names of metrics in a query; `recorded` are those of the mixin's own rules.
std::string unknown_metrics(const std::string& query, const MetricReferences& page,
                            const std::set<std::string>& recorded) {
  static const std::regex name(R"([a-z_]*:?(promster|process)_[a-z0-9_:]+)");
  static const std::regex part(R"(_(bucket|sum|count)$)");
  std::string unknown;
  for (std::sregex_iterator it(query.begin(), query.end(), name), end; it != end; ++it) {
    const std::string metric = it->str();
    const auto base = page.find(std::regex_replace(metric, part, ""));
    const bool histogram = base != page.end() && base->second.type == "histogram";
    if (!page.contains(metric) && !recorded.contains(metric) && !histogram)
      unknown += metric + "\n";
  }
  return unknown;
}

TEST(Mixin, EachMetricIsInTheReference) {
  const MetricReferences page = read_metric_references();
  std::set<std::string> recorded;
  std::vector<std::string> queries;
  for (const char* field : {"prometheusRules", "prometheusAlerts"}) {
    for (const json& rule : rules(field)) {
      if (rule.contains("record")) recorded.insert(rule.at("record").get<std::string>());
      queries.push_back(rule.at("expr").get<std::string>());
    }
  }
  for (const json& dashboard : mixin("grafanaDashboards")) {
    for (std::string& expr : expressions(dashboard)) queries.push_back(std::move(expr));
    for (const json& variable : dashboard.at("templating").at("list")) {
      if (variable.contains("definition")) queries.push_back(variable.at("definition"));
    }
  }
  EXPECT_GT(queries.size(), 80u);
  for (const std::string& query : queries) {
    EXPECT_EQ(unknown_metrics(query, page, recorded), "") << query;
  }
}

TEST(Mixin, PromtoolAcceptsTheQueriesOfTheDashboards) {
  json queries = json::array();
  for (const json& dashboard : mixin("grafanaDashboards")) {
    for (const std::string& expr : expressions(dashboard)) {
      queries.push_back({{"record", "a:b"},
                         {"expr", expr},
                         {"labels", {{"number", std::to_string(queries.size())}}}});
    }
  }
  ASSERT_GT(queries.size(), 50u);
  const auto dir = TempDir::make("mixin-test").value();
  const std::string file = dir.path() + "/queries.yml";
  const json groups{{"groups", {{{"name", "queries"}, {"rules", queries}}}}};
  ASSERT_TRUE(replace_file(file, groups.dump()));
  const std::string said = output_of({"promtool", "check", "rules", file});
  EXPECT_NE(said.find("SUCCESS"), said.npos) << said;
}

bool overlap(const json& a, const json& b) {
  const auto apart = [&](const char* from, const char* size) {
    const auto end = [&](const json& one) {
      return one.at(from).get<int>() + one.at(size).get<int>();
    };
    return end(a) <= b.at(from).get<int>() || end(b) <= a.at(from).get<int>();
  };
  return !apart("x", "w") && !apart("y", "h");
}

void expect_useful(const json& panel) {
  const std::string title = panel.at("title").get<std::string>();
  EXPECT_NE(panel.at("description"), "") << title;
  EXPECT_EQ(panel.at("datasource").at("uid"), "${datasource}") << title;
  EXPECT_FALSE(panel.at("targets").empty()) << title;
  const json& defaults = panel.at("fieldConfig").at("defaults");
  EXPECT_NE(defaults.at("unit"), "") << title;
  EXPECT_FALSE(defaults.at("thresholds").at("steps").empty()) << title;
}

TEST(Mixin, ThePanelsOfTheDashboardsSayWhatTheyShow) {
  for (const json& dashboard : mixin("grafanaDashboards")) {
    const json& panels = dashboard.at("panels");
    std::set<int> ids;
    for (std::size_t i = 0; i < panels.size(); ++i) {
      EXPECT_TRUE(ids.insert(panels[i].at("id").get<int>()).second);
      const json& place = panels[i].at("gridPos");
      EXPECT_LE(place.at("x").get<int>() + place.at("w").get<int>(), 24);
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_FALSE(overlap(place, panels[j].at("gridPos"))) << panels[i].at("title");
      }
      if (panels[i].at("type") != "row") expect_useful(panels[i]);
    }
    EXPECT_EQ(dashboard.at("templating").at("list")[0].at("type"), "datasource");
  }
}

}  // namespace
}  // namespace promster
