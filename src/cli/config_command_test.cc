#include <gtest/gtest.h>

#include <sstream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "core/json_text.h"

namespace promster {
namespace {

struct Answer {
  int exit_code = -1;
  std::string out, err;
};

Answer config(std::map<std::string, std::string> environment, const std::string& form = "json") {
  std::ostringstream out, err;
  const int code = run_command_line(all_commands(), {.arguments = {"config", "-o", form},
                                                     .environment = std::move(environment),
                                                     .out = out,
                                                     .err = err});
  return {code, out.str(), err.str()};
}

std::string row(const std::string& name, const std::string& value, const std::string& source) {
  return "{\"name\": " + json_quote(name) + ", \"value\": " + json_quote(value) +
         ", \"source\": " + json_quote(source) + "}";
}

TEST(ConfigCommand, PrintsWhatThereIsWhereSomethingIsMissing) {
  const Answer answer = config({{"SCRAPE_INTERVAL", "5s"}});
  EXPECT_EQ(answer.exit_code, kExitUsage);
  EXPECT_NE(answer.out.find(row("scrape.interval", "5s", "SCRAPE_INTERVAL")), std::string::npos);
  EXPECT_NE(answer.err.find("promster: SCRAPE_ETCD_PATH (--scrape.etcd-path) is not set"),
            std::string::npos)
      << answer.err;
}

TEST(ConfigCommand, SaysWhatWasDerivedFromWhat) {
  const Answer answer = config({{"REGISTRY_ETCD_URL", "http://127.0.0.1:1"},
                                {"REGISTRY_SERVICE", "s"},
                                {"SCRAPE_ETCD_PATH", "/t"},
                                {"SCRAPE_INTERVAL", "5s"},
                                {"PROMSTER_PROMETHEUS_CONFIG_DIR", "/tmp/c"}});
  EXPECT_EQ(answer.exit_code, kExitFine) << answer.err;
  for (const std::string& expected :
       {row("scrape.etcd-url", "http://127.0.0.1:1", "derived from registry.etcd-url"),
        row("scrape.timeout", "5s", "derived from scrape.interval"),
        row("prometheus.data-dir", "/tmp/c/data", "derived from prometheus.config-dir"),
        row("registry.advertise-address", "127.0.0.1:9090",
            "derived from the route to registry.etcd-url, and prometheus.url"),
        row("shard.slack", "0.1", "default")}) {
    EXPECT_NE(answer.out.find(expected), std::string::npos) << expected << "\n" << answer.out;
  }
}

TEST(ConfigCommand, InTheTableALongValueAndItsSourceAreApart) {
  const std::string prefix = "/webservers/" + std::string(60, 'x');
  const Answer answer = config({{"SCRAPE_ETCD_PATH", prefix}}, "table");
  EXPECT_NE(answer.out.find(prefix + "  SCRAPE_ETCD_PATH\n"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("  default\n"), std::string::npos) << answer.out;
}

TEST(ConfigCommand, ATimeoutThatFollowsNothingIsTheDefault) {
  const Answer answer =
      config({{"SCRAPE_ETCD_URL", "http://127.0.0.1:1"}, {"SCRAPE_ETCD_PATH", "/t"}});
  EXPECT_EQ(answer.exit_code, kExitFine) << answer.err;
  EXPECT_NE(answer.out.find(row("scrape.timeout", "30s", "default")), std::string::npos);
}

}  // namespace
}  // namespace promster
