#include "web/asset.h"

#include <gtest/gtest.h>

#include <string>

namespace promster {
namespace {

class Assets : public testing::Test {
 protected:
  Assets() {
    add_asset(router_, "/app.1234.js",
              {.content_type = "text/javascript; charset=utf-8",
               .bytes = "plain",
               .gzip_bytes = "packed",
               .etag = "1234",
               .hashed_name = true});
    add_asset(router_, "/icon.svg",
              {.content_type = "image/svg+xml", .bytes = "<svg/>", .gzip_bytes = {}, .etag = "9"});
  }

  WebResponse get(const std::string& path, WebHeaders headers = {}) {
    return router_.handle({.method = "GET", .path = path, .headers = std::move(headers)});
  }
  static std::string header(const WebResponse& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  Router router_;
};

TEST_F(Assets, EachFormHasATagOfItsOwn) {
  const WebResponse plain = get("/app.1234.js");
  EXPECT_EQ(plain.body, "plain");
  EXPECT_EQ(header(plain, "ETag"), "\"1234\"");
  EXPECT_EQ(header(plain, "Content-Encoding"), "");
  const WebResponse packed = get("/app.1234.js", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(packed.body, "packed");
  EXPECT_EQ(header(packed, "ETag"), "\"1234-gzip\"");
  EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
  for (const WebResponse& response : {plain, packed}) {
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
    EXPECT_EQ(response.content_type, "text/javascript; charset=utf-8");
  }
  EXPECT_EQ(get("/app.1234.js", {{"Accept-Encoding", "gzip;q=0"}}).body, "plain");
  EXPECT_EQ(get("/icon.svg", {{"Accept-Encoding", "gzip"}}).body, "<svg/>");
}

TEST_F(Assets, WhoHasItIsNotSentItAgain) {
  for (const std::string same : {"\"1234\"", "W/\"1234\"", "\"x\", \"1234\"", "*"}) {
    const WebResponse response = get("/app.1234.js", {{"If-None-Match", same}});
    EXPECT_EQ(response.status, 304) << same;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.content_type, "") << "a cache would take it over";
    EXPECT_EQ(header(response, "ETag"), "\"1234\"");
  }
  for (const std::string other : {"\"1234-gzip\"", "\"123\"", "1234", ""}) {
    EXPECT_EQ(get("/app.1234.js", {{"If-None-Match", other}}).status, 200) << other;
  }
  EXPECT_EQ(
      get("/app.1234.js", {{"If-None-Match", "\"1234-gzip\""}, {"Accept-Encoding", "gzip"}}).status,
      304);
}

TEST_F(Assets, OnlyNamesThatChangeWithTheBytesAreKept) {
  EXPECT_EQ(header(get("/app.1234.js"), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get("/icon.svg"), "Cache-Control"), "no-cache");
}

}  // namespace
}  // namespace promster
