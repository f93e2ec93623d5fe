#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/inbox.h"
#include "web/http_server.h"
#include "web/raw_client_for_test.h"
#include "web/router.h"

// Answers that are found out by a worker (WebResponse::later).
namespace promster {
namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point soon() {
  return Clock::now() + std::chrono::seconds(10);
}

std::string get(const std::string& path, const std::string& headers = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

// A server whose /slow tells that it has begun and waits until it may go on; /fast is fast.
class Later : public testing::Test {
 protected:
  std::unique_ptr<HttpServer> serve(HttpLimits limits = {}) {
    router_.add("/fast", "fast", {"GET"}, [](const WebRequest&) { return plain_answer(200); });
    router_.add("/slow", "slow", {"GET"}, [this](const WebRequest&) {
      return answer_later([this] {
        begun_.push(1);
        may_go_on_.wait_until(soon());
        return WebResponse{.status = 404, .body = "found out"};
      });
    });
    router_.add("/asking", "asking", {"GET"}, [this](const WebRequest&) {
      return ask_others([this] {
        begun_.push(1);
        may_go_on_.wait_until(soon());
        return plain_answer(200);
      });
    });
    router_.add("/search", "search", {"GET"},
                [](const WebRequest&) { return answer_later([] { return plain_answer(200); }); });
    router_.add("/counts", "counts", {"GET"}, [this](const WebRequest&) {
      WebResponse response;
      for (const auto& [key, count] : router_.counts().by_handler_and_code) {
        response.body += key.first + std::to_string(key.second) + "=" + std::to_string(count) + " ";
      }
      return response;
    });
    auto server =
        HttpServer::start({.listen = {"127.0.0.1:0"}, .limits = limits},
                          [this](const WebRequest& request) { return router_.handle(request); });
    EXPECT_TRUE(server.ok()) << server.error().message;
    return std::move(*server);
  }
  RawClient ask_slow(const HttpServer& server) {
    RawClient client(server.port());
    client.send(get("/slow"));
    return client;
  }
  static std::string ask(const HttpServer& server, const std::string& path) {
    RawClient client(server.port());
    client.send(get(path));
    return client.answer();
  }
  bool has_begun() { return !begun_.wait_until(soon()).empty(); }

  Router router_;
  Inbox<int> begun_;
  std::promise<void> go_on_;
  std::shared_future<void> may_go_on_{go_on_.get_future()};
};

TEST_F(Later, IsSentWhenItIsFoundOutAndTheConnectionStays) {
  const auto server = serve();
  RawClient client = ask_slow(*server);
  ASSERT_TRUE(has_begun());
  go_on_.set_value();
  const std::string answer = client.answer();
  EXPECT_EQ(status_in(answer), 404);
  EXPECT_TRUE(answer.ends_with("found out")) << answer;
  client.send(get("/fast"));
  EXPECT_EQ(status_in(client.answer()), 200);
}

TEST_F(Later, KeepsNobodyElseWaiting) {
  const auto server = serve({.workers = 2});
  std::vector<RawClient> slow;
  for (int i = 0; i < 10; ++i) slow.push_back(ask_slow(*server));
  ASSERT_TRUE(has_begun());
  EXPECT_EQ(status_in(ask(*server, "/fast")), 200);
  go_on_.set_value();
  for (RawClient& client : slow) EXPECT_EQ(status_in(client.answer()), 404);
}

TEST_F(Later, QuestionsToOthersKeepNoSearchWaiting) {
  const auto server = serve({.workers = 1, .asking_workers = 2});
  std::vector<RawClient> asking;
  for (int i = 0; i < 10; ++i) {
    asking.emplace_back(server->port());
    asking.back().send(get("/asking"));
  }
  ASSERT_TRUE(has_begun());
  EXPECT_EQ(status_in(ask(*server, "/search")), 200);
  go_on_.set_value();
  for (RawClient& client : asking) EXPECT_EQ(status_in(client.answer()), 200);
}

TEST_F(Later, PipelinedRequestsAreAnsweredInOrder) {
  const auto server = serve();
  RawClient client(server->port());
  client.send(get("/slow") + get("/fast"));
  ASSERT_TRUE(has_begun());
  go_on_.set_value();
  EXPECT_EQ(status_in(client.answer()), 404);
  EXPECT_EQ(status_in(client.answer()), 200);
}

TEST_F(Later, IsCountedByTheStatusThatWasSent) {
  const auto server = serve({.workers = 1, .waiting_answers = 0});
  RawClient client = ask_slow(*server);
  ASSERT_TRUE(has_begun());
  const std::string refused = ask(*server, "/slow");
  EXPECT_EQ(status_in(refused), 503);
  EXPECT_NE(refused.find("\r\nRetry-After: "), std::string::npos);
  go_on_.set_value();
  EXPECT_EQ(status_in(client.answer()), 404);
  const std::string counts = ask(*server, "/counts");
  EXPECT_TRUE(counts.ends_with("slow404=1 slow503=1 ")) << counts;
}

TEST_F(Later, WhatWaitedForAClientThatLeftIsNotDone) {
  const auto server = serve({.workers = 1});
  RawClient first = ask_slow(*server);
  ASSERT_TRUE(has_begun());
  { const RawClient leaves = ask_slow(*server); }
  RawClient stays(server->port());
  stays.send(get("/slow", "Connection: close\r\n"));
  EXPECT_EQ(status_in(ask(*server, "/fast")), 200);  // both requests were read by now
  go_on_.set_value();
  EXPECT_EQ(status_in(first.answer()), 404);
  EXPECT_EQ(status_in(stays.rest()), 404);
  EXPECT_EQ(begun_.wait_until(Clock::now()).size(), 1u);
}

TEST_F(Later, AStopWaitsForWhatRunsAndDropsWhatWaits) {
  auto server = serve({.workers = 1});
  RawClient runs = ask_slow(*server);
  ASSERT_TRUE(has_begun());
  RawClient waits = ask_slow(*server);
  EXPECT_EQ(status_in(ask(*server, "/fast")), 200);
  std::jthread stop([&server] { server.reset(); });
  EXPECT_TRUE(runs.closed());
  EXPECT_TRUE(waits.closed());
  go_on_.set_value();
  stop.join();
  EXPECT_TRUE(begun_.wait_until(Clock::now()).empty());
}

}  // namespace
}  // namespace promster
