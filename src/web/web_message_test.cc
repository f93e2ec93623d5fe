#include "web/web_message.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace promster {
namespace {

using Query = std::map<std::string, std::string>;

struct TargetCase {
  std::string target;
  std::string path;
  Query query;
};

TEST(RequestTarget, IsDecoded) {
  const std::vector<TargetCase> cases{
      {"/", "/", {}},
      {"/a%2fb%20c", "/a/b c", {}},
      {"/a+b", "/a+b", {}},
      {"/?", "/", {}},
      {"/?a=1&b=2", "/", {{"a", "1"}, {"b", "2"}}},
      {"/?a=1&a=2", "/", {{"a", "1"}}},
      {"/?a&&=x&b=", "/", {{"a", ""}, {"", "x"}, {"b", ""}}},
      {"/?a=b=c", "/", {{"a", "b=c"}}},
      {"/?q=a+b%2B%26", "/", {{"q", "a b+&"}}},
      {"/?a=/?x", "/", {{"a", "/?x"}}},
      {"/a#b?c=d", "/a", {}},
      {"//a/../b", "//a/../b", {}},
      {"http://h:1/a?b=c", "/a", {{"b", "c"}}},
      {"HTTPS://h", "/", {}},
      {"http://h?b=c", "/", {{"b", "c"}}},
      {"*", "*", {}},
  };
  for (const TargetCase& expected : cases) {
    WebRequest request;
    ASSERT_TRUE(parse_request_target(expected.target, request)) << expected.target;
    EXPECT_EQ(request.path, expected.path) << expected.target;
    EXPECT_EQ(request.query, expected.query) << expected.target;
  }
}

TEST(RequestTarget, IsRefused) {
  for (const std::string target : {"", "a", "%", "/%", "/%4", "/%g0", "/%0g", "/%00", "/?a=%00",
                                   "/?%=a", "/?a=%1", "h:80", "ftp://h/", "**"}) {
    WebRequest request;
    EXPECT_FALSE(parse_request_target(target, request)) << target;
  }
}

std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const unsigned char c : text) {
    char triplet[4];
    std::snprintf(triplet, sizeof triplet, "%%%02X", c);
    encoded += triplet;
  }
  return encoded;
}

RC_GTEST_PROP(RequestTarget, EncodedTextComesBack, ()) {
  const auto text = rc::gen::container<std::string>(rc::gen::nonZero<char>());
  const auto path = *text;
  const auto name = *text;
  const auto value = *text;
  WebRequest request;
  RC_ASSERT(parse_request_target(
      "/" + percent_encoded(path) + "?" + percent_encoded(name) + "=" + percent_encoded(value),
      request));
  RC_ASSERT(request.path == "/" + path);
  RC_ASSERT(request.query == (Query{{name, value}}));
}

RC_GTEST_PROP(RequestTarget, AnyTextIsReadOrRefused, (const std::string& target)) {
  WebRequest request;
  if (parse_request_target(target, request)) {
    RC_ASSERT(request.path == "*" || request.path.starts_with("/"));
  }
}

TEST(WebRequest, FindsHeadersWithoutCase) {
  const WebRequest request{.headers = {{"Host", "a"}, {"ORIGIN", "b"}, {"origin", "c"}}};
  ASSERT_NE(request.header("origin"), nullptr);
  EXPECT_EQ(*request.header("origin"), "b");
  EXPECT_EQ(request.header("Hos"), nullptr);
}

TEST(RenderHead, SaysWhatTheAnswerIs) {
  const WebResponse response{
      .status = 405, .content_type = "text/html", .body = "12345", .headers = {{"Allow", "GET"}}};
  const std::string head = render_head(response, true);
  EXPECT_TRUE(head.starts_with("HTTP/1.1 405 Method Not Allowed\r\nDate: ")) << head;
  for (const std::string line :
       {"Content-Type: text/html", "Content-Length: 5", "Connection: keep-alive", "Allow: GET"}) {
    EXPECT_NE(head.find("\r\n" + line + "\r\n"), head.npos) << line;
  }
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_NE(render_head(response, false).find("\r\nConnection: close\r\n"), head.npos);
}

// A value from outside, such as a path in Location, can start no header and no body of its own.
TEST(RenderHead, HeadersCannotBeInjected) {
  const WebResponse response{.headers = {{"Location", "/a\r\nSet-Cookie: x\r\n\r\n<script>"}}};
  const std::string head = render_head(response, true);
  EXPECT_EQ(head.find("\nSet-Cookie"), head.npos) << head;
  EXPECT_EQ(head.find("\r\n\r\n"), head.size() - 4) << head;
}

TEST(RenderHead, NoContentHasNoLength) {
  EXPECT_EQ(render_head({.status = 204}, true).find("Content-Length"), std::string::npos);
}

}  // namespace
}  // namespace promster
