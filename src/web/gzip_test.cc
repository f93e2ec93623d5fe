#include "web/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "web/router.h"

namespace promster {
namespace {

std::string gunzip(const std::string& packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

std::string header(const WebResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(Gzip, IsReadBack) {
  for (const std::string& text : {std::string(), std::string("a"), std::string(100'000, 'x')}) {
    EXPECT_EQ(gunzip(gzip(text)), text);
  }
}

TEST(Gzip, IsTakenWhereTheClientSaysSo) {
  for (const std::string yes :
       {"gzip", "GZIP", "deflate, gzip;q=0.5", "*", "x-gzip", "br, *;q=0.1"}) {
    EXPECT_TRUE(accepts_gzip(&yes)) << yes;
  }
  for (const std::string no :
       {"", "identity", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *", "deflate", "gzipx"}) {
    EXPECT_FALSE(accepts_gzip(&no)) << no;
  }
  EXPECT_FALSE(accepts_gzip(nullptr));
}

TEST(Gzip, OnlyLongTextsThatNobodyEncodedAreCompressed) {
  const std::string body(2000, 'a');
  const auto packed = [&](WebResponse response) {
    compress(response, true);
    return header(response, "Content-Encoding") == "gzip" && gunzip(response.body) == body;
  };
  EXPECT_TRUE(packed({.body = body}));
  EXPECT_TRUE(packed({.content_type = "application/json", .body = body}));
  EXPECT_FALSE(packed({.body = "short"}));
  EXPECT_FALSE(packed({.content_type = "image/png", .body = body}));
  EXPECT_FALSE(packed({.body = body, .headers = {{"Content-Encoding", "br"}}}));
  EXPECT_FALSE(packed({.body = body, .headers = {{"ETag", "\"a\""}}}));
}

TEST(Gzip, CachesAreToldThatTheAnswerDepends) {
  WebResponse response{.body = std::string(2000, 'a')};
  compress(response, false);
  EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
  EXPECT_EQ(response.body.size(), 2000u);
}

TEST(Gzip, TheRouterCompressesWhatIsFoundOutLaterToo) {
  Router router;
  const std::string body(2000, 'a');
  router.add("/now", "now", {"GET"}, [&](const WebRequest&) { return WebResponse{.body = body}; });
  router.add("/later", "later", {"GET"}, [&](const WebRequest&) {
    return answer_later([&body] { return WebResponse{.body = body}; });
  });
  for (const std::string path : {"/now", "/later"}) {
    const WebRequest plain{.method = "GET", .path = path};
    EXPECT_EQ(settled(router.handle(plain)).body, body);
    const WebRequest asks{.method = "GET", .path = path, .headers = {{"Accept-Encoding", "gzip"}}};
    EXPECT_EQ(gunzip(settled(router.handle(asks)).body), body) << path;
  }
  EXPECT_EQ(router.counts().by_handler_and_code.at({"later", 200}), 2u);
}

}  // namespace
}  // namespace promster
