#include "prom/probe.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <variant>

#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "prom/stub_server.h"

namespace promster {
namespace {

// The probe in a thread of its own, and what it says.
class Probe {
 public:
  explicit Probe(ProbeOptions options)
      : thread_([this, options](const std::stop_token& stop) {
          watch_prometheus(options, inbox_, stop);
        }) {}

  // What it says next, within `most`.
  std::vector<PrometheusSeen> next(Duration most = Duration(10'000)) {
    std::vector<PrometheusSeen> seen;
    for (Event& event : inbox_.wait_until(std::chrono::steady_clock::now() + most)) {
      seen.push_back(std::get<PrometheusSeen>(std::move(event)));
    }
    return seen;
  }
  void stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  Inbox<Event> inbox_;
  std::jthread thread_;
};

TEST(ProbeTest, TellsOfTheFirstLookAndOfEachChange) {
  const auto dir = TempDir::make("promster-probe-test");
  auto server = PrometheusServer::start({.dir = dir->path()});
  ASSERT_TRUE(server) << server.error().message;
  Probe probe({.url = server->url(), .interval = Duration(20)});
  auto seen = probe.next();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_TRUE(seen[0].ready);
  EXPECT_EQ(seen[0].version.substr(0, 2), "2.");
  server->kill();
  seen = probe.next();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_FALSE(seen[0].ready);
  EXPECT_NE(seen[0].reason.find("Connection refused"), std::string::npos) << seen[0].reason;
  EXPECT_TRUE(probe.next(Duration(300)).empty()) << "no news is no event";
  ASSERT_TRUE(server->restart());
  do {
    seen = probe.next();  // while it starts, it may say 503 first
    ASSERT_FALSE(seen.empty());
  } while (!seen.back().ready);
  EXPECT_FALSE(seen.back().version.empty());
}

TEST(ProbeTest, AsksOnceMoreForAVersionItDidNotGet) {
  int asked = 0;  // by the server's thread only
  StubServer server([&asked](const StubServer::Request& request) {
    if (request.path == "/-/ready") return StubServer::response(200, "");
    return ++asked == 1 ? StubServer::response(500, "")
                        : StubServer::response(200, R"({"data": {"version": "2.0"}})");
  });
  Probe probe({.url = server.url(), .interval = Duration(10)});
  std::vector<PrometheusSeen> all;
  while (all.size() < 2) {
    const auto seen = probe.next();
    ASSERT_FALSE(seen.empty());
    all.insert(all.end(), seen.begin(), seen.end());
  }
  EXPECT_TRUE(all[0].ready);
  EXPECT_EQ(all[0].version, "");
  EXPECT_EQ(all[1].version, "2.0");
}

TEST(ProbeTest, APrometheusThatHangsIsNotReady) {
  StubServer server([](const auto&) { return std::nullopt; });
  Probe probe({.url = server.url(), .timeout = Duration(100)});
  const auto seen = probe.next();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_FALSE(seen[0].ready);
  EXPECT_NE(seen[0].reason.find("Timeout"), std::string::npos) << seen[0].reason;
}

TEST(ProbeTest, StopsAtOnce) {
  StubServer server([](const auto&) { return StubServer::response(503, "starting"); });
  Probe probe({.url = server.url(), .interval = std::chrono::hours(1)});
  ASSERT_EQ(probe.next().size(), 1u);
  const auto start = std::chrono::steady_clock::now();
  probe.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace promster
