#include "prom/event_stream.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/inbox.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

using Events = std::vector<StreamedEvent>;

Events assemble(const std::vector<std::string>& pieces) {
  EventAssembler assembler;
  Events events;
  for (const std::string& piece : pieces) {
    EXPECT_TRUE(
        assembler.add(piece, [&](StreamedEvent event) { events.push_back(std::move(event)); }));
  }
  return events;
}

TEST(EventAssembler, PutsEventsTogetherOfAnyPieces) {
  const std::string text =
      ": hello\nevent: status\nid: 7\ndata: {\"a\":\ndata: 1}\n\ndata:x\r\n\r\nevent: empty\n\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const Events events = assemble({text.substr(0, cut), text.substr(cut)});
    ASSERT_EQ(events.size(), 2U) << cut;
    EXPECT_EQ(events[0].name, "status");
    EXPECT_EQ(events[0].data, "{\"a\":\n1}");
    EXPECT_EQ(events[1].name, "message");
    EXPECT_EQ(events[1].data, "x");
  }
}

TEST(EventAssembler, AnEventHasAnEnd) {
  EventAssembler assembler;
  const std::string much(EventAssembler::kMost / 2, 'x');
  const auto take = [](const StreamedEvent&) {};
  EXPECT_TRUE(assembler.add("data: " + much, take));
  EXPECT_FALSE(assembler.add(much + "more", take));
}

TEST(EventStream, TellsEventsAndThatTheServerEndedIt) {
  StubServer server([](const StubServer::Request&) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
           "event: change\ndata: 1\n\n";
  });
  Events events;
  const auto ended =
      read_event_stream({.url = server.url() + "/e"},
                        [&](StreamedEvent event) { events.push_back(std::move(event)); }, {});
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().message, "GET " + server.url() + "/e: the stream ended");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].name, "change");
  const auto request = server.requests().at(0);
  EXPECT_NE(request.text.find("Accept: text/event-stream"), std::string::npos) << request.text;
}

TEST(EventStream, AServerThatHasTooManyReadersSaysSo) {
  StubServer server([](const StubServer::Request&) {
    return "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
  });
  const auto ended = read_event_stream({.url = server.url()}, [](const StreamedEvent&) {}, {});
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().message, "GET " + server.url() + ": status 204");
}

TEST(EventStream, WordsAboutAnErrorAreNoEvents) {
  StubServer server([](const StubServer::Request&) {
    return StubServer::response(503, "data: not an event\n\n");
  });
  int events = 0;
  const auto ended =
      read_event_stream({.url = server.url()}, [&](const StreamedEvent&) { ++events; }, {});
  EXPECT_EQ(ended.error().message, "GET " + server.url() + ": status 503");
  EXPECT_EQ(events, 0);
}

TEST(EventStream, AStopEndsASilentStream) {
  StubServer server([](const StubServer::Request&) { return std::nullopt; });
  Inbox<bool> ended;
  std::jthread reader([&](const std::stop_token& stop) {
    ended.push(read_event_stream(
                   {.url = server.url()}, [](const StreamedEvent&) {}, stop)
                   .ok());
  });
  EXPECT_EQ(server.requests().size(), 1U);
  reader.request_stop();
  EXPECT_EQ(ended.wait_until(std::nullopt), std::vector<bool>{true});
}

TEST(EventStream, NobodyThereIsAnError) {
  const auto ended = read_event_stream({.url = "http://user:secret@127.0.0.1:1/"},
                                       [](const StreamedEvent&) {}, {});
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().message, "GET http://127.0.0.1:1/: Couldn't connect to server");
}

}  // namespace
}  // namespace promster
