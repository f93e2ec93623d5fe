#include "web/node_pages.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/inbox.h"
#include "prom/http_client.h"
#include "web/filled_snapshot.h"
#include "web/http_server.h"
#include "web/promtool_for_test.h"

namespace promster {
namespace {

// A node's pages behind a real server.
class NodePages : public testing::Test {
 protected:
  void serve(Snapshot snapshot, LifecycleOptions lifecycle = {}) {
    snapshot_.set(std::move(snapshot));
    add_node_pages(router_, snapshot_, std::move(lifecycle));
    auto server =
        HttpServer::start({.listen = {"127.0.0.1:0"},
                           .refused = [this](int status) { router_.count("refused", status); }},
                          [this](const WebRequest& request) { return router_.handle(request); });
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(*server);
  }

  HttpResponse get(const std::string& path) { return send("GET", path); }

  HttpResponse send(const std::string& method, const std::string& path) {
    const auto answer = client_.send(
        {.method = method, .url = "http://127.0.0.1:" + std::to_string(server_->port()) + path});
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return answer.ok() ? *answer : HttpResponse{};
  }

  Published<Snapshot> snapshot_;
  Router router_;
  std::unique_ptr<HttpServer> server_;
  HttpClient client_;
};

Snapshot ready_snapshot() {
  return filled_snapshot(std::chrono::steady_clock::now());
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST_F(NodePages, HealthyWhateverTheState) {
  serve(Snapshot{});
  const HttpResponse answer = get("/-/healthy");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "promster is healthy.\n");
}

TEST_F(NodePages, ReadyFollowsTheSnapshot) {
  Snapshot snapshot = ready_snapshot();
  snapshot.missing = {"etcd: nobody answers", "a\nready"};
  serve(snapshot);
  HttpResponse answer = get("/-/ready");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body,
            "promster is not ready.\nmissing: etcd: nobody answers\nmissing: a\\x0aready\n"
            "degraded: etcd: no leader\n");
  snapshot.missing = {};
  snapshot_.set(snapshot);
  answer = get("/-/ready");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "promster is ready.\ndegraded: etcd: no leader\n");
}

TEST_F(NodePages, MetricsPleasePromtoolAndCountRequests) {
  serve(ready_snapshot());
  get("/metrics");
  get("/nowhere");
  const HttpResponse answer = get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(promtool_findings(answer.body), "");
  for (const std::string line :
       {"promster_ready 1", "process_open_fds ", "process_cpu_seconds_total ",
        "promster_http_requests_total{code=\"200\",handler=\"metrics\"} 1",
        "promster_http_requests_total{code=\"404\",handler=\"unknown\"} 1"}) {
    EXPECT_TRUE(contains(answer.body, "\n" + line)) << line;
  }
}

TEST_F(NodePages, LifecycleIsOffUnlessAsked) {
  serve(ready_snapshot());
  EXPECT_EQ(send("POST", "/-/reload").status, 403);
  EXPECT_EQ(send("POST", "/-/quit").status, 403);
  EXPECT_EQ(send("GET", "/-/quit").status, 405);
}

TEST_F(NodePages, LifecyclePassesTheWishOn) {
  Inbox<std::string> wishes;
  serve(ready_snapshot(), {.enabled = true,
                           .reload = [&wishes] { wishes.push("reload"); },
                           .quit = [&wishes] { wishes.push("quit"); }});
  EXPECT_EQ(send("GET", "/-/quit").status, 405);
  EXPECT_EQ(send("POST", "/-/reload").status, 200);
  EXPECT_EQ(send("POST", "/-/quit").status, 200);
  EXPECT_EQ(wishes.wait_until(std::chrono::steady_clock::now()),
            (std::vector<std::string>{"reload", "quit"}));
}

}  // namespace
}  // namespace promster
