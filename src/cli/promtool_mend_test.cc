#include "cli/promtool_mend.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

Settings settings() {
  Settings result;
  result.rules = {{.number = 2, .name = "a:b"}, {.number = 7, .name = "a:c"}};
  result.alerts = {{.number = 3, .name = "Down"}};
  return result;
}

TEST(PromtoolMend, NamesTheVariableOfTheRule) {
  EXPECT_EQ(promtool_mend("/d/rules.yml: 8:13: group \"env-rules-217\", rule 2, \"a:c\": could not "
                          "parse expression: 1:4: parse error: unclosed left parenthesis",
                          settings()),
            "RECORD_RULE_7_EXPR");
}

TEST(PromtoolMend, NamesTheVariablesOfTheAlert) {
  EXPECT_EQ(promtool_mend("/d/rules.yml: group \"env-alerts-9\", rule 1, \"Down\": annotation "
                          "\"summary\": template: unexpected EOF",
                          settings()),
            "ALERT_RULE_3_EXPR, _LABELS and _ANNOTATIONS");
}

TEST(PromtoolMend, WithoutAPlaceEveryRuleIsMeant) {
  for (const char* rest : {"", ", rule", ", rule 3", ", rule 0", ", rule x"}) {
    EXPECT_EQ(promtool_mend("rules.yml: group \"env-rules-1\"" + std::string(rest), settings()),
              "RECORD_RULE_<n>_EXPR")
        << rest;
  }
}

TEST(PromtoolMend, NamesTheFileOfTheSite) {
  Settings with_base = settings();
  with_base.prometheus.base = {.file = "/etc/site.yml", .text = "a: b"};
  EXPECT_EQ(promtool_mend("/etc/site.yml: yaml: line 3: field x not found", with_base),
            "look at /etc/site.yml (PROMSTER_PROMETHEUS_BASE_CONFIG) and the files that it names");
  EXPECT_EQ(promtool_mend("prometheus.yml: parsing YAML", with_base),
            "promster render, and /etc/site.yml");
  EXPECT_EQ(promtool_mend("prometheus.yml: parsing YAML", settings()), "promster render");
}

}  // namespace
}  // namespace promster
