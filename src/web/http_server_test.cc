#include "web/http_server.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "prom/http_client.h"
#include "web/raw_client_for_test.h"

namespace promster {
namespace {

// Says what it was asked.
WebResponse echo(const WebRequest& request) {
  WebResponse response;
  response.body = request.method + " " + request.path + " [" + request.body + "]";
  for (const auto& [name, value] : request.query) response.body += " " + name + "=" + value;
  return response;
}

std::unique_ptr<HttpServer> server_at(std::string address, WebHandler handler = echo) {
  auto server = HttpServer::start({.listen = {std::move(address)}}, std::move(handler));
  EXPECT_TRUE(server.ok()) << server.error().message;
  return std::move(*server);
}

std::string url(const HttpServer& server, const std::string& rest, std::size_t i = 0) {
  return "http://127.0.0.1:" + std::to_string(server.port(i)) + rest;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HttpServer, DecodesPathAndQuery) {
  const auto server = server_at("127.0.0.1:0");
  HttpClient client;
  const auto answer = client.get(url(*server, "/a%20b%2Fc?q=1+2&r=%26&q=other&s"));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "GET /a b/c [] q=1 2 r=& s=");
}

TEST(HttpServer, EveryAnswerCarriesTheHeadersThatKeepBrowsersSafe) {
  const auto server = server_at("127.0.0.1:0");
  for (const std::string request : {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "nonsense\r\n\r\n"}) {
    RawClient client(server->port());
    client.send(request);
    const std::string answer = client.answer();
    EXPECT_TRUE(contains(answer, "\r\nContent-Security-Policy: default-src 'none'; ")) << answer;
    EXPECT_TRUE(contains(answer, "\r\nX-Content-Type-Options: nosniff\r\n")) << answer;
    EXPECT_TRUE(contains(answer, "\r\nReferrer-Policy: no-referrer\r\n")) << answer;
  }
}

TEST(HttpServer, HandsBodiesOver) {
  const auto server = server_at("127.0.0.1:0");
  HttpClient client;
  const auto answer = client.send({.method = "POST", .url = url(*server, "/x"), .body = "hello"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "POST /x [hello]");
}

TEST(HttpServer, HandsChunkedBodiesOverWhole) {
  const auto server = server_at("127.0.0.1:0");
  RawClient client(server->port());
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_TRUE(client.answer().ends_with("POST /x [abcde]"));
}

TEST(HttpServer, TrailersAreNoHeaders) {
  const auto server = server_at("127.0.0.1:0", [](const WebRequest& request) {
    return plain_answer(request.header("Origin") == nullptr ? 200 : 403);
  });
  RawClient client(server->port());
  client.send(
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Origin\r\n\r\n");
  client.send("1\r\na\r\n0\r\nOrigin: http://evil\r\n\r\n");
  EXPECT_EQ(status_in(client.answer()), 200);
}

TEST(HttpServer, HeadTellsTheLengthAndLeavesTheBodyOut) {
  const auto server = server_at("127.0.0.1:0");
  RawClient client(server->port());
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(contains(client.answer(true), "\r\nContent-Length: 9\r\n"));
  const std::string next = client.answer();
  EXPECT_EQ(status_in(next), 200) << next;  // not a body that HEAD must not have
  EXPECT_TRUE(next.ends_with("GET /next []"));
}

TEST(HttpServer, KeepsConnectionsAndAnswersPipelinesInOrder) {
  const auto server = server_at("127.0.0.1:0");
  RawClient client(server->port());
  std::string requests;
  for (int i = 0; i < 300; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  client.send(requests);
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(client.answer().ends_with("GET /" + std::to_string(i) + " []")) << i;
  }
}

TEST(HttpServer, ClosesWhenAsked) {
  const auto server = server_at("127.0.0.1:0");
  for (const std::string request :
       {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    RawClient client(server->port());
    client.send(request);
    const std::string all = client.rest();
    EXPECT_EQ(status_in(all), 200);
    EXPECT_TRUE(contains(all, "\r\nConnection: close\r\n")) << all;
    EXPECT_TRUE(client.closed());
  }
}

WebResponse where_and_who(const WebRequest& request) {
  return {.body = std::to_string(request.local_port) + " " + request.remote};
}

TEST(HttpServer, TellsTheHandlerWhichListenerAndWho) {
  auto server = HttpServer::start({.listen = {"127.0.0.1:0", "127.0.0.1:0"}}, where_and_who);
  ASSERT_TRUE(server.ok());
  HttpClient client;
  for (const std::size_t i : {0, 1}) {
    const auto answer = client.get(url(**server, "/", i));
    ASSERT_TRUE(answer.ok());
    const std::string start = std::to_string((*server)->port(i)) + " 127.0.0.1:";
    EXPECT_TRUE(answer->body.starts_with(start)) << answer->body;
  }
  EXPECT_NE((*server)->port(0), (*server)->port(1));
}

TEST(HttpServer, ListensOnBothFamilies) {
  const auto server = server_at(":0");
  HttpClient client;
  EXPECT_TRUE(client.get(url(*server, "/")).ok());
  EXPECT_TRUE(client.get("http://[::1]:" + std::to_string(server->port()) + "/").ok());
}

TEST(HttpServer, ListensOnAllAddressesOrNone) {
  const auto taken = server_at("127.0.0.1:0");
  const std::string address = "127.0.0.1:" + std::to_string(taken->port());
  const auto server = HttpServer::start({.listen = {"127.0.0.1:0", address}}, echo);
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().message, "listen " + address + ": Address already in use");
}

TEST(HttpServer, StopsWhileConnectionsAreOpen) {
  auto server = server_at("127.0.0.1:0");
  RawClient idle(server->port());
  RawClient halfway(server->port());
  RawClient served(server->port());
  halfway.send("GET / HT");
  served.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_in(served.answer()), 200);
  server.reset();
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(halfway.closed());
  EXPECT_TRUE(served.closed());
}

TEST(HttpServer, StopsWhileAnAnswerIsNotBeingRead) {
  auto server = server_at("127.0.0.1:0", [](const WebRequest&) {
    return WebResponse{.body = std::string(64 << 20, 'x')};
  });
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  server.reset();
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, AThousandListeners) {
  HttpServerOptions options;
  options.listen.assign(1000, "127.0.0.1:0");
  auto server = HttpServer::start(options, where_and_who);
  ASSERT_TRUE(server.ok()) << server.error().message;
  for (std::size_t i = 0; i < 1000; i += 37) {
    RawClient client((*server)->port(i));
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(contains(client.answer(), "\r\n\r\n" + std::to_string((*server)->port(i)) + " "));
  }
}

}  // namespace
}  // namespace promster
