#include "prom/http_client.h"

#include <gtest/gtest.h>

#include <chrono>

#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

StubServer::Answer always(std::string answer) {
  return [answer](const StubServer::Request&) { return std::optional(answer); };
}

TEST(HttpClientTest, ReturnsStatusHeadersAndBody) {
  StubServer server(always(StubServer::response(418, "tea\n", "X-Kind: green \r\n")));
  const auto response = HttpClient().get(server.url() + "/pot?size=2");
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 418);
  EXPECT_EQ(response->body, "tea\n");
  EXPECT_EQ(response->header("x-kind"), "green");
  EXPECT_EQ(response->header("x-other"), "");
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].method, "GET");
  EXPECT_EQ(requests[0].path, "/pot?size=2");
}

TEST(HttpClientTest, SendsMethodHeadersAndBody) {
  StubServer server(always(StubServer::response(200, "")));
  HttpClient client;
  ASSERT_TRUE(client.send(
      {.method = "PUT", .url = server.url() + "/x", .headers = {{"X-A", "1"}}, .body = "hello"}));
  ASSERT_TRUE(client.send({.method = "POST", .url = server.url() + "/y"}));
  const auto first = server.requests();
  ASSERT_GE(first.size(), 1u);
  EXPECT_EQ(first[0].method, "PUT");
  EXPECT_NE(first[0].text.find("X-A: 1\r\n"), std::string::npos);
  EXPECT_NE(first[0].text.find("Content-Length: 5\r\n"), std::string::npos);
  const auto rest = first.size() > 1 ? first : server.requests();
  EXPECT_EQ(rest.back().method, "POST");
  EXPECT_NE(rest.back().text.find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(HttpClientTest, DoesNotFollowRedirects) {
  StubServer server(always(StubServer::response(302, "", "Location: /elsewhere\r\n")));
  const auto response = HttpClient().get(server.url() + "/");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(HttpClientTest, SaysWhyNobodyAnswersInTheSameWordsEachTime) {
  std::string url;
  { url = StubServer(always("")).url(); }
  HttpClient client;
  const auto first = client.get(url + "/-/ready");
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().message,
            "GET " + url + "/-/ready: Couldn't connect to server (Connection refused)");
  EXPECT_EQ(client.get(url + "/-/ready").error(), first.error());
}

TEST(HttpClientTest, GivesUpAtTheDeadline) {
  StubServer server([](const auto&) { return std::nullopt; });
  const auto start = std::chrono::steady_clock::now();
  const auto response = HttpClient().get(server.url(), Duration(200));
  const auto took = std::chrono::steady_clock::now() - start;
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, "GET " + server.url() + ": Timeout was reached");
  EXPECT_GE(took, std::chrono::milliseconds(200));
  EXPECT_LT(took, std::chrono::seconds(5));
}

TEST(HttpClientTest, RefusesAnAnswerThatIsTooLarge) {
  StubServer server(always(StubServer::response(200, std::string(1001, 'x'))));
  HttpClient client;
  const auto refused = client.send({.url = server.url(), .most = 1000});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("larger than 1000 bytes"), std::string::npos);
  const auto taken = client.send({.url = server.url(), .most = 1001});
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->body.size(), 1001u);
}

TEST(HttpClientTest, RefusesEndlessHeaders) {
  std::string headers;
  for (int i = 0; i < 100; ++i) headers += "X: " + std::string(1000, 'x') + "\r\n";
  StubServer server(always("HTTP/1.1 200 OK\r\n" + headers + "\r\n"));
  const auto response = HttpClient().get(server.url());
  ASSERT_FALSE(response);
  EXPECT_NE(response.error().message.find("headers"), std::string::npos)
      << response.error().message;
}

TEST(HttpClientTest, RefusesWhatIsNoHttp) {
  for (const std::string garbage :
       {"", "\0\1\2", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200 OK\r\nConte"}) {
    StubServer server(always(garbage));
    EXPECT_FALSE(HttpClient().get(server.url())) << garbage;
  }
}

TEST(HttpClientTest, RefusesABodyThatEndsEarly) {
  StubServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
  EXPECT_FALSE(HttpClient().get(server.url()));
}

TEST(HttpClientTest, RefusesOtherProtocols) {
  for (const char* url : {"file:///etc/hostname", "ftp://127.0.0.1/x"}) {
    const auto response = HttpClient().get(url);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().message, std::string("GET ") + url + ": Unsupported protocol");
  }
}

TEST(HttpClientTest, KeepsThePasswordOutOfErrors) {
  const auto response = HttpClient().get("http://me:secret@127.0.0.1:1/a@b");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message.find("secret"), std::string::npos);
  EXPECT_NE(response.error().message.find("http://127.0.0.1:1/a@b"), std::string::npos);
}

TEST(HttpClientTest, SendsTheUserOfTheUrlAsBasicAuth) {
  StubServer server(always(StubServer::response(200, "")));
  const std::string url = "http://me:secret@" + server.url().substr(7) + "/";
  ASSERT_TRUE(HttpClient().get(url));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_NE(requests[0].text.find("Authorization: Basic bWU6c2VjcmV0\r\n"), std::string::npos);
}

TEST(HttpClientTest, AStopEndsAWaitEarly) {
  StubServer server([](const StubServer::Request&) { return std::nullopt; });
  std::stop_source source;
  const std::jthread stopper([&] {
    server.requests();
    source.request_stop();
  });
  const auto response = HttpClient().send({.url = server.url(),
                                           .headers = {},
                                           .body = {},
                                           .deadline = Duration(600'000),
                                           .stop = source.get_token()});
  EXPECT_FALSE(response);
}

}  // namespace
}  // namespace promster
