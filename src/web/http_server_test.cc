#include "web/http_server.h"

#include <gtest/gtest.h>

#include "prom/http_client.h"

namespace promster {
namespace {

TEST(HttpServer, Answers) {
  auto server = HttpServer::start({.listen = {"127.0.0.1:0"}, .limits = {}, .refused = {}},
                                  [](const WebRequest& request) {
                                    WebResponse r;
                                    r.body = request.path;
                                    return r;
                                  });
  ASSERT_TRUE(server.ok()) << server.error().message;
  HttpClient client;
  auto answer = client.get("http://127.0.0.1:" + std::to_string((*server)->port()) + "/a%20b?x=1");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "/a b");
}

}  // namespace
}  // namespace promster
