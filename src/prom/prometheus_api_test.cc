#include "prom/prometheus_api.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

using Kind = PrometheusError::Kind;

StubServer::Answer always(std::string answer) {
  return [answer](const StubServer::Request&) { return std::optional(answer); };
}

TEST(PrometheusApiTest, TellsKindsOfFailureApart) {
  struct Case {
    int status;
    Kind kind;
  };
  for (const Case& entry : std::initializer_list<Case>{{401, Kind::kMisconfigured},
                                                       {403, Kind::kMisconfigured},
                                                       {404, Kind::kMisconfigured},
                                                       {405, Kind::kMisconfigured},
                                                       {302, Kind::kMisconfigured},
                                                       {500, Kind::kRefused},
                                                       {502, Kind::kUnreachable},
                                                       {503, Kind::kUnreachable},
                                                       {504, Kind::kUnreachable},
                                                       {501, Kind::kUnreadable}}) {
    StubServer server(always(StubServer::response(entry.status, "its\n\n own\x01 words\n")));
    const auto reloaded = PrometheusApi({.url = server.url()}).reload();
    ASSERT_FALSE(reloaded) << entry.status;
    EXPECT_EQ(reloaded.error().kind, entry.kind) << entry.status;
    EXPECT_EQ(reloaded.error().status, entry.status);
    const std::string said =
        "POST /-/reload: HTTP " + std::to_string(entry.status) + ": its own\\x01 words";
    const std::string mend = "; promster has no password to show";
    EXPECT_EQ(reloaded.error().message.substr(0, said.size()), said);
    EXPECT_EQ(reloaded.error().message.substr(said.size(), mend.size()),
              entry.status == 401 ? mend : "");
  }
}

TEST(PrometheusApiTest, SilenceAndGarbageAreUnreachable) {
  StubServer silent([](const auto&) { return std::nullopt; });
  const auto late = PrometheusApi({.url = silent.url(), .deadline = Duration(100)}).ready();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, Kind::kUnreachable);
  EXPECT_EQ(late.error().status, 0);
  StubServer garbage(always("SSH-2.0-OpenSSH\r\n"));
  const auto strange = PrometheusApi({.url = garbage.url()}).reload();
  ASSERT_FALSE(strange);
  EXPECT_EQ(strange.error().kind, Kind::kUnreachable);
}

TEST(PrometheusApiTest, AnAnswerOfSomethingElseIsUnreadable) {
  for (const char* body : {"", "hello", "{", "[]", "null", R"({"data": 1})", R"({"data": {}})",
                           R"({"data": {"yaml": 1, "version": [], "result": 3}})",
                           R"({"data": {"activeTargets": [1], "result": [{"metric": {}}]}})"}) {
    StubServer server(always(StubServer::response(200, body)));
    PrometheusApi api({.url = server.url()});
    EXPECT_EQ(api.runtime_info().error().kind, Kind::kUnreadable) << body;
    EXPECT_EQ(api.version().error().kind, Kind::kUnreadable) << body;
    EXPECT_EQ(api.config_yaml().error().kind, Kind::kUnreadable) << body;
    EXPECT_EQ(api.active_targets().error().kind, Kind::kUnreadable) << body;
    EXPECT_EQ(api.query("up").error().kind, Kind::kUnreadable) << body;
    EXPECT_EQ(api.reload_state().error().kind, Kind::kUnreadable) << body;
  }
}

TEST(PrometheusApiTest, AsksBelowTheRoutePrefix) {
  StubServer server(always(StubServer::response(200, "")));
  EXPECT_TRUE(PrometheusApi({.url = server.url() + "/prefix/"}).ready());
  EXPECT_EQ(server.requests().at(0).path, "/prefix/-/ready");
}

TEST(PrometheusApiTest, ReadsTheStateOfAReload) {
  StubServer server(always(StubServer::response(
      200,
      "# HELP prometheus_config_last_reload_successful x\n"
      "prometheus_config_last_reload_successful2 5\n"
      "prometheus_config_last_reload_successful 1\n"
      "prometheus_config_last_reload_success_timestamp_seconds 1.7953774798303938e+09\n")));
  const auto state = PrometheusApi({.url = server.url()}).reload_state();
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->successful);
  EXPECT_EQ(state->success_time, 1.7953774798303938e+09);
}

TEST(PrometheusApiTest, UnderstandsARealPrometheus) {
  const auto dir = TempDir::make("promster-api-test");
  const auto server = PrometheusServer::start(
      {.dir = dir->path(), .extra_args = {"--web.route-prefix=/", "--web.external-url=http://x/"}});
  ASSERT_TRUE(server) << server.error().message;
  PrometheusApi api({.url = server->url()});
  EXPECT_TRUE(api.ready());
  EXPECT_EQ(api.version()->substr(0, 2), "2.");
  EXPECT_TRUE(api.runtime_info()->reload_success);
  EXPECT_EQ(api.runtime_info()->last_config_time.size(), 20u);
  EXPECT_NE(api.config_yaml()->find("scrape_interval: 1m\n"), std::string::npos);
  EXPECT_TRUE(api.active_targets()->empty());
  const auto before = api.reload_state();
  ASSERT_TRUE(before);
  EXPECT_TRUE(before->successful);
  EXPECT_TRUE(api.reload());
  EXPECT_GT(api.reload_state()->success_time, before->success_time);
}

TEST(PrometheusApiTest, QueriesARealPrometheus) {
  const auto dir = TempDir::make("promster-api-test");
  const auto server = PrometheusServer::start({.dir = dir->path()});
  ASSERT_TRUE(server) << server.error().message;
  PrometheusApi api({.url = server->url()});
  const auto two = api.query("label_replace(vector(1 + 1), \"a\", \"b&c=ü\", \"\", \"\")");
  ASSERT_TRUE(two) << two.error().message;
  ASSERT_EQ(two->size(), 1u);
  EXPECT_EQ((*two)[0].value, 2);
  EXPECT_EQ((*two)[0].labels, (Labels{{"a", "b&c=ü"}}));
  EXPECT_TRUE(std::isnan(api.query("vector(0/0)")->at(0).value));
  EXPECT_TRUE(std::isinf(api.query("vector(1/0)")->at(0).value));
  EXPECT_FALSE(api.query("sum("));
}

}  // namespace
}  // namespace promster
