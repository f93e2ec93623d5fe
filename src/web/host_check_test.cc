#include "web/host_check.h"

#include <gtest/gtest.h>

#include <string>

#include "web/router.h"

namespace promster {
namespace {

TEST(HostOf, LeavesOutPortBracketsCaseAndLastDot) {
  EXPECT_EQ(host_of("Node7.Example.:9096"), "node7.example");
  EXPECT_EQ(host_of("[::1]:9096"), "::1");
  EXPECT_EQ(host_of("10.0.0.3"), "10.0.0.3");
  for (const std::string none :
       {"", ":9096", "[evil.example]:1", "a@b", "a b", "a/b", "[::1", "."}) {
    EXPECT_EQ(host_of(none), none == "[::1" ? "::1" : "") << none;
  }
}

// Rows: what a name of ours, or nobody's, looks like; and what an attacker can own.
TEST(HostCheck, AllowsWhatNobodyCanOwnAndWhatIsOurs) {
  const HostCheck check({"node7.example.com:9096", "prom.example", ""});
  for (const std::string ours :
       {"127.0.0.1:9096", "10.0.0.3", "[::1]:9096", "[fe80::1]", "localhost", "LOCALHOST:1",
        "localhost.", "promster-level1:9096", "promster_level1", "promster.monitoring.svc",
        "promster.monitoring.svc.cluster.local:9096", "a.localhost", "node.lan", "x.internal",
        "node7.example.com", "NODE7.example.com.:80", "prom.example:443"}) {
    EXPECT_TRUE(check.allows(&ours)) << ours;
  }
  for (const std::string foreign :
       {"evil.example:9096", "evil.com", "127.0.0.1.evil.com", "node7.example.com.evil.com",
        "example.com", "xnode7.example.com", "localhost.evil.com", "promster.monitoring",
        "evil.com:80@localhost", "a.svc.evil.com", "notlocal.xlocal", "[evil.com]",
        "127.0.0.1.nip.io"}) {
    EXPECT_FALSE(check.allows(&foreign)) << foreign;
  }
  EXPECT_TRUE(check.allows(nullptr));
}

int status(const RouterOptions& options, const std::string& method, const std::string& path,
           WebHeaders headers) {
  Router routes(options);
  for (const std::string known : {"/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/status"}) {
    routes.add(known, "known", {"GET"}, [](const WebRequest&) { return plain_answer(200); });
  }
  routes.add("/-/reload", "reload", {"POST"}, [](const WebRequest&) { return plain_answer(200); });
  return routes.handle({.method = method, .path = path, .headers = std::move(headers)}).status;
}

// Host x Origin x method: what a page of anybody's can make a browser send is 403 or 421.
TEST(HostCheck, NoHostilePageReadsOrChangesAnything) {
  const RouterOptions options{.external_url = "https://prom.example/", .hosts = {"10.0.0.3:9096"}};
  for (const std::string host : {"evil.example", "evil.example:9096", "prom.example.evil.com"}) {
    for (const std::string origin : {"", "http://evil.example", "http://"}) {
      WebHeaders headers{{"Host", host}};
      if (!origin.empty())
        headers.emplace_back("Origin", origin == "http://" ? origin + host : origin);
      for (const std::string path : {"/", "/api/v1/status", "/nothing", "/metrics/x"}) {
        EXPECT_EQ(status(options, "GET", path, headers), 421) << host << path;
        EXPECT_EQ(status(options, "HEAD", path, headers), 421) << host << path;
      }
      EXPECT_EQ(status(options, "POST", "/-/reload", headers), 421) << host;
      EXPECT_EQ(status(options, "POST", "/metrics", headers), 421) << host;
      for (const std::string path : {"/metrics", "/-/healthy", "/-/ready"}) {
        EXPECT_EQ(status(options, "GET", path, headers), 200) << host << path;
      }
    }
  }
  for (const std::string host : {"prom.example", "10.0.0.3:9096", "promster-level1:9096"}) {
    EXPECT_EQ(status(options, "GET", "/", {{"Host", host}}), 200) << host;
    EXPECT_EQ(status(options, "POST", "/-/reload", {{"Host", host}}), 200) << host;
    EXPECT_EQ(status(options, "POST", "/-/reload", {{"Host", host}, {"Origin", "http://evil.com"}}),
              403);
    EXPECT_EQ(
        status(options, "POST", "/-/reload", {{"Host", host}, {"Sec-Fetch-Site", "cross-site"}}),
        403);
    EXPECT_EQ(
        status(options, "POST", "/-/reload", {{"Host", host}, {"Sec-Fetch-Site", "same-origin"}}),
        200);
  }
}

TEST(HostCheck, WhereBrowsersAreStoppedOtherwiseEveryHostIsLetIn) {
  EXPECT_EQ(status({.any_host = true}, "GET", "/", {{"Host", "evil.example"}}), 200);
}

TEST(HostCheck, MachinesAreLetInBelowThePrefixOnly) {
  Router routes({.prefix = "/p"});
  routes.add("/metrics", "metrics", {"GET"}, [](const WebRequest&) { return plain_answer(200); });
  const WebHeaders headers{{"Host", "a.example.com"}};
  EXPECT_EQ(routes.handle({.method = "GET", .path = "/p/metrics", .headers = headers}).status, 200);
  EXPECT_EQ(routes.handle({.method = "GET", .path = "/metrics", .headers = headers}).status, 421);
  EXPECT_EQ(routes.handle({.method = "GET", .path = "/p", .headers = headers}).status, 421);
}

TEST(HostCheck, TheAnswerSaysWhatToSet) {
  Router routes;
  const WebResponse answer = routes.handle(
      {.method = "GET", .path = "/", .headers = {{"Host", "node7.example.com:9096"}}});
  EXPECT_NE(answer.body.find("try: --web.external-url=http://node7.example.com:9096"),
            std::string::npos)
      << answer.body;
}

}  // namespace
}  // namespace promster
