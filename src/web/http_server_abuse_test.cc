#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/inbox.h"
#include "web/http_server.h"
#include "web/raw_client_for_test.h"

// What hostile or broken clients do (semantics.md, row 57).
namespace promster {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kShort{150};

std::unique_ptr<HttpServer> limited(HttpLimits limits, WebHandler handler = {},
                                    std::function<void(int)> refused = {}) {
  if (!handler) handler = [](const WebRequest&) { return plain_answer(200); };
  auto server = HttpServer::start(
      {.listen = {"127.0.0.1:0"}, .limits = limits, .refused = std::move(refused)},
      std::move(handler));
  EXPECT_TRUE(server.ok()) << server.error().message;
  return std::move(*server);
}

// What a fresh connection that sends `bytes` is answered; checks that the server closes after a
// refusal.
int status_for(const HttpServer& server, const std::string& bytes) {
  RawClient client(server.port());
  client.send(bytes);
  const int status = status_in(client.answer());
  if (status >= 400) {
    EXPECT_TRUE(client.closed());
  }
  return status;
}

std::string get_with(const std::string& headers) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

TEST(HttpServerAbuse, RequestLine) {
  const auto server = limited({});
  const auto line_of = [](std::size_t size) {
    const std::string around = "GET / HTTP/1.1";
    return "GET /" + std::string(size - around.size(), 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  EXPECT_EQ(status_for(*server, line_of(8 << 10)), 200);
  EXPECT_EQ(status_for(*server, line_of((8 << 10) + 1)), 414);
  EXPECT_EQ(status_for(*server, "GET /" + std::string(100'000, 'a')), 431);
}

TEST(HttpServerAbuse, HeaderBytes) {
  const auto server = limited({});
  const auto header_of = [](std::size_t size) {  // beside the 9 bytes of "Host: a\r\n"
    return get_with("X: " + std::string(size - 9 - 5, 'a') + "\r\n");
  };
  EXPECT_EQ(status_for(*server, header_of(16 << 10)), 200);
  EXPECT_EQ(status_for(*server, header_of((16 << 10) + 1)), 431);
  EXPECT_EQ(status_for(*server, header_of(200 << 10)), 431);
}

TEST(HttpServerAbuse, HeaderFields) {
  const auto server = limited({});
  const auto fields = [](int count) {
    std::string headers;
    for (int i = 1; i < count; ++i) headers += "X: y\r\n";  // Host is one
    return get_with(headers);
  };
  EXPECT_EQ(status_for(*server, fields(100)), 200);
  EXPECT_EQ(status_for(*server, fields(101)), 431);
}

TEST(HttpServerAbuse, Body) {
  const auto server = limited({});
  const auto post = [](std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'x');
  };
  EXPECT_EQ(status_for(*server, post(64 << 10)), 200);
  EXPECT_EQ(status_for(*server, post((64 << 10) + 1)), 413);
}

// It has not read the answer yet: a reset now would take it away.
TEST(HttpServerAbuse, ARefusedClientMaySendOn) {
  const auto server = limited({.linger_time = std::chrono::seconds(30)});
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  EXPECT_EQ(status_in(client.rest()), 413);
  Inbox<int> never;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(client.send(std::string(1024, 'x'))) << i;
    never.wait_until(Clock::now() + milliseconds(1));
  }
}

TEST(HttpServerAbuse, ListeningToARefusedClientEnds) {
  const auto server = limited({.linger_time = kShort});
  RawClient client(server->port());
  client.send("nonsense\r\n\r\n");
  client.rest();
  const auto start = Clock::now();
  Inbox<int> never;
  while (client.send("x") && Clock::now() < start + std::chrono::seconds(8)) {
    never.wait_until(Clock::now() + milliseconds(5));
  }
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));
}

TEST(HttpServerAbuse, ChunkedBody) {
  const auto server = limited({});
  std::string chunks = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 65; ++i) chunks += "400\r\n" + std::string(1024, 'x') + "\r\n";
  EXPECT_EQ(status_for(*server, chunks + "0\r\n\r\n"), 413);
}

TEST(HttpServerAbuse, EndlessChunkExtension) {
  const auto server = limited({});
  EXPECT_GE(
      status_for(*server, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                              std::string(1 << 20, 'e')),
      400);
}

TEST(HttpServerAbuse, RequestsThatTwoReadersUnderstandDifferently) {
  const auto server = limited({});
  const std::vector<std::pair<int, std::string>> cases{
      {400, "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"},
      {400, "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"},
      {400, "Content-Length: 1\r\nTransfer-Encoding: gzip\r\n"},
      {400, "Content-Length: 1\r\nContent-Length: 2\r\n"},
      {400, "Content-Length: 1\r\nContent-Length: 1\r\n"},
      {400, "Content-Length: -1\r\n"},
      {400, "Content-Length: +1\r\n"},
      {400, "Content-Length: 0x1\r\n"},
      {400, "Content-Length: 99999999999999999999\r\n"},
      {400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"},
      {501, "Transfer-Encoding: gzip\r\n"},
      {501, "Transfer-Encoding: chunked, gzip\r\n"},
      {501, "Transfer-Encoding: gzip, chunked\r\n"},
      {501, "Transfer-Encoding: xchunked\r\n"},
      {400, "Transfer-Encoding : chunked\r\n"},
      {400, "Host: b\r\n"},
      {400, "Bad Name: b\r\n"},
      {400, "X: a\nContent-Length: 1\r\n"},
      {400, std::string("X: a\0b\r\n", 8)},
      {417, "Expect: 100-continue\r\n"},
  };
  for (const auto& [status, headers] : cases) {
    EXPECT_EQ(status_for(*server, "POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"), status)
        << headers;
  }
}

TEST(HttpServerAbuse, RequestsThatAreNone) {
  const auto server = limited({});
  for (const std::string request :
       {"\r\n\r\nhello\r\n\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00"}) {
    EXPECT_EQ(status_for(*server, request), 400) << request;
  }
}

TEST(HttpServerAbuse, EveryRefusalIsCounted) {
  Inbox<int> statuses;
  const auto server = limited({}, {}, [&statuses](int status) { statuses.push(status); });
  EXPECT_EQ(status_for(*server, "nonsense\r\n\r\n"), 400);
  EXPECT_EQ(statuses.wait_until(Clock::now() + std::chrono::seconds(5)), std::vector{400});
}

// One byte at a time does not buy time.
TEST(HttpServerAbuse, Slowloris) {
  Inbox<int> statuses;
  const auto server =
      limited({.header_time = kShort}, {}, [&statuses](int status) { statuses.push(status); });
  RawClient client(server->port());
  const auto start = Clock::now();
  const std::string request = "GET / HTTP/1.1\r\nX: ";
  client.send(request);
  Inbox<int> never;
  while (client.send("a") && Clock::now() < start + std::chrono::seconds(8)) {
    never.wait_until(Clock::now() + milliseconds(5));
  }
  EXPECT_TRUE(client.closed());
  EXPECT_GE(Clock::now() - start, kShort);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));
  EXPECT_EQ(statuses.wait_until(Clock::now() + std::chrono::seconds(5)), std::vector{408});
}

TEST(HttpServerAbuse, SilentConnectionsEnd) {
  const auto server = limited({.idle_time = kShort});
  RawClient fresh(server->port());
  RawClient used(server->port());
  used.send(get_with(""));
  EXPECT_EQ(status_in(used.answer()), 200);
  EXPECT_TRUE(fresh.closed());
  EXPECT_TRUE(used.closed());
}

TEST(HttpServerAbuse, ABodyThatDoesNotComeEnds) {
  const auto server = limited({.idle_time = kShort});
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(client.rest(), "");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServerAbuse, AnAnswerThatIsNotReadEnds) {
  const auto server = limited({.idle_time = kShort}, [](const WebRequest&) {
    return WebResponse{.body = std::string(64 << 20, 'x')};
  });
  RawClient client(server->port());
  client.send(get_with(""));
  Inbox<int> never;
  never.wait_until(Clock::now() + 2 * kShort);
  EXPECT_LT(client.rest().size(), 64u << 20);
}

// The one that has waited longest makes room, be it silent or slow; who asks is served.
TEST(HttpServerAbuse, TheLongestWaitMakesRoom) {
  const auto server = limited({.connections = 3});
  RawClient slow(server->port());
  slow.send("GET / HT");
  RawClient first(server->port());
  RawClient second(server->port());
  for (RawClient* client : {&first, &second}) {
    client->send(get_with(""));
    EXPECT_EQ(status_in(client->answer()), 200);
  }
  EXPECT_EQ(status_for(*server, get_with("")), 200);
  EXPECT_TRUE(slow.closed());
  first.send(get_with(""));
  EXPECT_EQ(status_in(first.answer()), 200);
}

TEST(HttpServerAbuse, WhereNobodyWaitsTheNewOneIsRefused) {
  Inbox<int> asked;
  const auto server = limited({.connections = 2}, [&asked](const WebRequest&) {
    asked.push(1);
    return WebResponse{.body = std::string(64 << 20, 'x')};
  });
  std::vector<RawClient> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back(server->port());
    readers.back().send(get_with(""));
    ASSERT_EQ(asked.wait_until(Clock::now() + std::chrono::seconds(5)).size(), 1u);
  }
  EXPECT_EQ(status_for(*server, get_with("")), 503);
  for (RawClient& reader : readers) {
    EXPECT_GT(reader.answer().size(), 64u << 20);  // they are not disturbed
  }
}

// Both ends of each connection are ours: more descriptors than the usual limit of a user.
void allow_many_descriptors() {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 16'384);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

TEST(HttpServerAbuse, ThousandsOfConnectionsDoNotKeepOthersOut) {
  ASSERT_NO_FATAL_FAILURE(allow_many_descriptors());
  const auto server = limited({});
  std::vector<RawClient> crowd;
  for (int i = 0; i < 2000; ++i) {
    crowd.emplace_back(server->port()).send(i % 2 == 0 ? "GET / HTTP" : "");
  }
  const auto start = Clock::now();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(status_for(*server, get_with("")), 200);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace promster
