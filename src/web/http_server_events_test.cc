#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/inbox.h"
#include "web/event_book.h"
#include "web/http_server.h"
#include "web/raw_client_for_test.h"

// Server-sent events (WebResponse::events, HttpServer::publish).
namespace promster {
namespace {

constexpr std::string_view kGet = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(EventBook, NumbersEventsAndPutsThemIntoWords) {
  EventBook book;
  EXPECT_EQ(*book.add("status", "{\"a\":1}"), "id: 1\nevent: status\ndata: {\"a\":1}\n\n");
  EXPECT_EQ(*book.add("status", "one\ntwo\r\nthree\rfour\n"),
            "id: 2\nevent: status\ndata: one\ndata: two\ndata: three\ndata: four\ndata: \n\n");
  EXPECT_EQ(*book.add("a\nb\r", ""), "id: 3\nevent: ab\ndata: \n\n");
}

TEST(EventBook, OpensWithTheNewestOfEachNameInOrder) {
  EventBook book;
  const std::string empty = book.opening();
  book.add("b", "old");
  const EventBytes a = book.add("a", "1");
  const EventBytes b = book.add("b", "new");
  EXPECT_EQ(book.opening(), empty + *a + *b);
}

std::unique_ptr<HttpServer> serve(HttpLimits limits = {}) {
  auto server = HttpServer::start(
      {.listen = {"127.0.0.1:0"}, .limits = limits}, [](const WebRequest& request) {
        return request.path == "/events" ? WebResponse{.events = true} : plain_answer(200);
      });
  EXPECT_TRUE(server.ok()) << server.error().message;
  return std::move(*server);
}

RawClient reader_of(const HttpServer& server) {
  RawClient client(server.port());
  client.send(kGet);
  return client;
}

TEST(HttpServerEvents, AReaderGetsTheNewestAndThenEveryEvent) {
  const auto server = serve();
  server->publish("status", "old");
  server->publish("status", "newest");
  RawClient reader = reader_of(*server);
  const std::string opening = reader.until("data: newest\n\n");
  EXPECT_EQ(status_in(opening), 200);
  EXPECT_NE(opening.find("\r\nContent-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(opening.find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_EQ(opening.find("Content-Length"), std::string::npos);
  EXPECT_EQ(opening.find("data: old"), std::string::npos);
  std::jthread other([&server] { server->publish("history", "x"); });
  EXPECT_EQ(reader.until("\n\n"), "id: 3\nevent: history\ndata: x\n\n");
}

TEST(HttpServerEvents, TheOneTooManyIsToldToStayAway) {
  const auto server = serve({.event_readers = 2});
  std::vector<RawClient> readers;
  for (int i = 0; i < 2; ++i) {
    readers.push_back(reader_of(*server));
    readers.back().until("\n\n");
  }
  RawClient refused(server->port());
  refused.send(kGet);
  EXPECT_EQ(status_in(refused.answer()), 204);
  readers.pop_back();
  while (true) {  // the server learns of it soon
    RawClient next(server->port());
    next.send(kGet);
    if (status_in(next.until("\r\n\r\n")) == 200) break;
  }
}

TEST(HttpServerEvents, AHeadIsNoReader) {
  const auto server = serve({.event_readers = 1});
  for (int i = 0; i < 3; ++i) {
    RawClient client(server->port());
    client.send("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(status_in(client.rest()), 200);
  }
}

TEST(HttpServerEvents, SilenceIsBroken) {
  const auto server = serve({.event_pause = std::chrono::milliseconds(20)});
  RawClient reader = reader_of(*server);
  reader.until("\r\n\r\n");
  EXPECT_TRUE(reader.until("\n\n:\n\n").starts_with("retry: "));
}

TEST(HttpServerEvents, AReaderThatDoesNotReadIsClosedAndOthersAreNot) {
  const auto server = serve({.event_backlog = 64 << 10});
  RawClient stuck = reader_of(*server);
  RawClient reader = reader_of(*server);
  for (RawClient* client : {&stuck, &reader}) client->until("\n\n");
  const std::string data(60'000, 'x');
  for (int i = 1; i <= 300; ++i) {  // more than the kernel holds for a connection
    server->publish("e", data);
    ASSERT_TRUE(reader.until(data + "\n\n").starts_with("id: " + std::to_string(i) + "\n")) << i;
  }
  EXPECT_LT(stuck.rest().size(), 300 * data.size());
}

TEST(HttpServerEvents, AReaderMakesRoomForNobodyAndIsNeverIdle) {
  const auto server = serve({.connections = 2, .idle_time = std::chrono::milliseconds(50)});
  RawClient reader = reader_of(*server);
  reader.until("\n\n");
  for (int i = 0; i < 10; ++i) {
    RawClient client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(status_in(client.answer()), 200);
  }
  Inbox<int> never;
  never.wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(150));
  server->publish("e", "still here");
  EXPECT_EQ(reader.until("\n\n"), "id: 1\nevent: e\ndata: still here\n\n");
}

TEST(HttpServerEvents, AStopClosesReaders) {
  auto server = serve();
  RawClient reader = reader_of(*server);
  reader.until("\n\n");
  server.reset();
  EXPECT_TRUE(reader.closed());
}

}  // namespace
}  // namespace promster
