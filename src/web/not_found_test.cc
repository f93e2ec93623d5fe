#include "web/not_found.h"

#include <gtest/gtest.h>

#include "web/router.h"

namespace promster {
namespace {

WebResponse ask(const std::string& path, const WebHeaders& headers = {}) {
  Router router({.prefix = "/promster"});
  WebHeaders all = headers;
  all.emplace_back("Host", "localhost:9096");
  return router.handle({.method = "GET", .path = "/promster" + path, .headers = all});
}

TEST(NotFound, TheApiAnswersInItsEnvelope) {
  const WebResponse answer = ask("/api/v1/nonsense");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(
      answer.body,
      "{\"status\":\"error\",\"errorType\":\"not_found\",\"error\":\"/promster/api/v1/nonsense; "
      "there is no such question; try: /promster/api/v1/openapi.yaml\"}");
}

TEST(NotFound, BrowsersGetAWayHome) {
  const WebResponse answer = ask("/<b>", {{"Accept", "text/html,*/*;q=0.8"}});
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
  EXPECT_NE(answer.body.find("<a href=\"/promster/\">Overview</a>"), answer.body.npos);
  EXPECT_NE(answer.body.find("no page /promster/&lt;b&gt;."), answer.body.npos) << answer.body;
}

TEST(NotFound, AllOthersGetALine) {
  const WebResponse answer = ask("/nonsense", {{"Accept", "*/*"}});
  EXPECT_EQ(answer.status, 404);
  EXPECT_TRUE(answer.content_type.starts_with("text/plain"));
  EXPECT_EQ(answer.body, plain_answer(404).body);
}

}  // namespace
}  // namespace promster
