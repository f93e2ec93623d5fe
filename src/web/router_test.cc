#include "web/router.h"

#include <gtest/gtest.h>

#include <string>

namespace promster {
namespace {

WebRequest request(std::string method, std::string path, WebHeaders headers = {}) {
  return {.method = std::move(method), .path = std::move(path), .headers = std::move(headers)};
}

WebHandler says(std::string body) {
  return [body = std::move(body)](const WebRequest&) { return WebResponse{.body = body}; };
}

std::string header(const WebResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(Router, PathsMatchWhole) {
  Router router;
  router.add("/a", "a", {"GET"}, says("a"));
  EXPECT_EQ(router.handle(request("GET", "/a")).body, "a");
  for (const std::string path : {"/", "/a/", "/ab", "/A", "*", "//a"}) {
    EXPECT_EQ(router.handle(request("GET", path)).status, 404) << path;
  }
}

TEST(Router, HeadIsAnsweredWhereGetIs) {
  Router router;
  router.add("/a", "a", {"GET"}, says("a"));
  router.add("/b", "b", {"POST"}, says("b"));
  EXPECT_EQ(router.handle(request("HEAD", "/a")).status, 200);
  EXPECT_EQ(router.handle(request("HEAD", "/b")).status, 405);
}

TEST(Router, OtherMethodsAreToldWhichAreAllowed) {
  Router router;
  router.add("/a", "a", {"GET", "POST"}, says("a"));
  for (const std::string method : {"PUT", "DELETE", "OPTIONS", "TRACE", "get", "FOO"}) {
    const WebResponse response = router.handle(request(method, "/a"));
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(header(response, "Allow"), "GET, HEAD, POST");
  }
}

TEST(Router, AForeignOriginChangesNothing) {
  Router router({.external_url = "https://Prom.example/promster/"});
  router.add("/a", "a", {"GET", "POST"}, says("a"));
  const auto status = [&router](const std::string& origin) {
    return router.handle(request("POST", "/a", {{"Host", "Node:9096"}, {"Origin", origin}})).status;
  };
  EXPECT_EQ(status("http://node:9096"), 200);
  EXPECT_EQ(status("https://node:9096"), 200);
  EXPECT_EQ(status("https://prom.example"), 200);
  for (const std::string foreign :
       {"http://evil", "null", "", "http://node", "http://node:90960", "http://node:9096.evil",
        "http://prom.example", "node:9096", "file://"}) {
    EXPECT_EQ(status(foreign), 403) << foreign;
  }
}

TEST(Router, WithoutAnOriginThereIsNoBrowser) {
  Router router;
  router.add("/a", "a", {"GET", "POST"}, says("a"));
  EXPECT_EQ(router.handle(request("POST", "/a", {{"Host", "node"}})).status, 200);
  EXPECT_EQ(router.handle(request("GET", "/a", {{"Origin", "http://evil"}})).status, 200);
  EXPECT_EQ(router.handle(request("POST", "/a", {{"Origin", "http://"}})).status, 403);
}

TEST(Router, CountsByHandlerAndCode) {
  Router router;
  router.add("/a", "alpha", {"GET"}, says("a"));
  for (int i = 0; i < 3; ++i) router.handle(request("GET", "/a"));
  router.handle(request("PUT", "/a"));
  router.handle(request("GET", "/b"));
  router.handle(request("GET", "/" + std::string(1000, 'x')));
  router.count("refused", 431);
  const decltype(HttpCounts::by_handler_and_code) expected{
      {{"alpha", 200}, 3}, {{"alpha", 405}, 1}, {{"unknown", 404}, 2}, {{"refused", 431}, 1}};
  EXPECT_EQ(router.counts().by_handler_and_code, expected);
}

TEST(Router, EverythingLiesBelowThePrefix) {
  for (const std::string prefix : {"/p", "/p/", "p"}) {
    Router router({.prefix = prefix});
    router.add("/", "page", {"GET"}, says("page"));
    router.add("/a", "a", {"GET"}, says("a"));
    EXPECT_EQ(router.prefix(), "/p");
    EXPECT_EQ(router.handle(request("GET", "/p/a")).body, "a");
    EXPECT_EQ(router.handle(request("GET", "/p/")).body, "page");
    EXPECT_EQ(router.handle(request("GET", "/a")).status, 404);
    const WebResponse redirect = router.handle(request("GET", "/p"));
    EXPECT_EQ(redirect.status, 301);
    EXPECT_EQ(header(redirect, "Location"), "/p/");
  }
}

}  // namespace
}  // namespace promster
