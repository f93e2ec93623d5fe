#include "prom/probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

// The probe in a thread of its own, and what it says.
class Probe {
 public:
  explicit Probe(ProbeOptions options)
      : thread_([this, options](const std::stop_token& stop) {
          watch_prometheus(options, wishes_, inbox_, stop);
        }) {}

  void wish(bool scrapes) { wishes_.push({.scrapes = scrapes}); }

  // The next look at what is scraped, within `most`.
  std::optional<ScrapesSeen> next_scrapes(Duration most = Duration(10'000)) {
    const auto deadline = std::chrono::steady_clock::now() + most;
    for (;;) {
      const std::vector<Event> events = inbox_.wait_until(deadline);
      if (events.empty()) return std::nullopt;
      for (const Event& event : events) {
        if (const auto* seen = std::get_if<ScrapesSeen>(&event)) return *seen;
      }
    }
  }

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
  Inbox<ProbeWish> wishes_;
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
  const std::string started = seen[0].started;
  EXPECT_NE(started, "");
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
  EXPECT_GT(seen.back().started, started);
}

TEST(ProbeTest, AsksOnceMoreForAVersionItDidNotGet) {
  int asked = 0;  // by the server's thread only
  StubServer server([&asked](const StubServer::Request& request) {
    if (request.path != "/api/v1/status/buildinfo") return StubServer::response(200, "");
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

// It is ready at every look, but it is another process from the second answer on.
TEST(ProbeTest, ARestartBetweenTwoLooksIsSeen) {
  int asked = 0;  // by the server's thread only
  StubServer server([&asked](const StubServer::Request& request) {
    if (request.path == "/-/ready") return StubServer::response(200, "");
    const bool again = asked > 1;
    if (request.path == "/api/v1/status/buildinfo") {
      return StubServer::response(
          200, std::string(R"({"data": {"version": ")") + (again ? "2.1" : "2.0") + R"("}})");
    }
    const std::string started = asked++ > 0 ? "2026-01-02T00:00:00Z" : "2026-01-01T00:00:00Z";
    return StubServer::response(200,
                                R"({"data": {"reloadConfigSuccess": true, "lastConfigTime": "",)"
                                R"("startTime": ")" +
                                    started + R"("}})");
  });
  Probe probe({.url = server.url(), .interval = Duration(10)});
  const auto first = probe.next();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].started, "2026-01-01T00:00:00Z");
  const auto second = probe.next();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].started, "2026-01-02T00:00:00Z");
  EXPECT_EQ(second[0].version, "2.1") << "asked for again";
  EXPECT_TRUE(probe.next(Duration(300)).empty());
}

TEST(ProbeTest, APrometheusThatHangsIsNotReady) {
  StubServer server([](const auto&) { return std::nullopt; });
  Probe probe({.url = server.url(), .timeout = Duration(100)});
  const auto seen = probe.next();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_FALSE(seen[0].ready);
  EXPECT_NE(seen[0].reason.find("Timeout"), std::string::npos) << seen[0].reason;
}

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Ready, with one target; counts by path what it is asked.
class Stub {
 public:
  explicit Stub(std::string targets = R"({"data": {"activeTargets": [{"scrapePool": "/metrics",
      "discoveredLabels": {"__address__": "a:1"}, "health": "up",
      "lastScrape": "1970-01-01T00:00:07Z"}]}})")
      : server_([this, targets](const StubServer::Request& request) {
          if (!request.path.starts_with("/api/v1/targets")) {
            return StubServer::response(200, R"({"data": {"version": "2.0"}})");
          }
          asked_.push(std::chrono::steady_clock::now());
          return StubServer::response(200, targets);
        }) {}
  std::string url() const { return server_.url(); }
  // When it was asked for its targets, as far as that is within `time` from now.
  std::vector<SteadyTime> asked(Duration time) {
    std::vector<SteadyTime> all;
    const auto deadline = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < deadline) {
      for (const SteadyTime when : asked_.wait_until(deadline)) all.push_back(when);
    }
    return all;
  }

 private:
  Inbox<SteadyTime> asked_;
  StubServer server_;
};

TEST(ProbeTest, LooksAtWhatIsScrapedWhileSomebodyWantsToKnow) {
  Stub stub;
  Probe probe({.url = stub.url(), .interval = std::chrono::hours(1)});
  ASSERT_EQ(probe.next().size(), 1u);
  EXPECT_TRUE(stub.asked(Duration(300)).empty()) << "nobody has asked";
  probe.wish(true);
  const SteadyTime start = std::chrono::steady_clock::now();
  const auto seen = probe.next_scrapes();
  EXPECT_LT(seconds_since(start), 0.5) << "at once";
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->targets.size(), 1u);
  EXPECT_EQ(seen->targets[0].address, "a:1");
  EXPECT_EQ(seen->targets[0].last_scrape, 7);
  EXPECT_TRUE(seen->targets[0].up);
  EXPECT_TRUE(probe.next_scrapes()) << "and again";
  EXPECT_GT(seconds_since(start), 0.9) << "after a second";
  probe.wish(true);  // the same wish again is no reason to look sooner
  EXPECT_EQ(stub.asked(Duration(100)).size(), 2u);
  probe.wish(false);
  EXPECT_TRUE(stub.asked(Duration(1500)).empty()) << "nobody wants to know any more";
}

TEST(ProbeTest, LooksTwiceAShortScrapeInterval) {
  Stub stub;
  Probe probe({.url = stub.url(), .scrape_interval = Duration(1000)});
  probe.wish(true);
  const auto asked = stub.asked(Duration(2200));
  EXPECT_GE(asked.size(), 4u);
  EXPECT_LE(asked.size(), 5u);
  Stub quick;
  Probe often({.url = quick.url(), .scrape_interval = Duration(10)});
  often.wish(true);
  const auto most = quick.asked(Duration(1100));
  EXPECT_GE(most.size(), 4u);
  EXPECT_LE(most.size(), 6u) << "200 ms at least";
}

TEST(ProbeTest, AnAnswerThatCannotBeReadSaysNothing) {
  Stub stub(R"({"data": {"activeTargets": [{"scrapePool": "/metrics"}]}})");
  Probe probe({.url = stub.url(), .interval = Duration(50), .scrape_interval = Duration(400)});
  probe.wish(true);
  EXPECT_EQ(probe.next().size(), 1u) << "it is ready";
  EXPECT_TRUE(probe.next(Duration(700)).empty());
}

TEST(ProbeTest, WhatARealPrometheusScrapes) {
  const auto dir = TempDir::make("promster-probe-test");
  StubServer target([](const auto&) { return StubServer::response(200, "a 1\n"); });
  const std::string address = target.url().substr(std::string("http://").size());
  const std::string config = dir->path() + "/prometheus.yml";
  std::ofstream(config) << "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n"
                           "scrape_configs:\n"
                           "- job_name: /metrics\n"
                           "  static_configs: [{targets: ['"
                        << address
                        << "', '127.0.0.1:1']}]\n"
                           "- job_name: other\n"
                           "  static_configs: [{targets: ['127.0.0.1:2']}]\n";
  auto server = PrometheusServer::start({.dir = dir->path(), .config_file = config});
  ASSERT_TRUE(server) << server.error().message;
  Probe probe({.url = server->url(), .scrape_interval = Duration(400)});
  probe.wish(true);
  std::optional<ScrapesSeen> seen;
  do {
    seen = probe.next_scrapes();
    ASSERT_TRUE(seen);
  } while (seen->targets.empty() || std::ranges::any_of(seen->targets, [](const auto& one) {
             return one.last_scrape == 0;
           }));
  ASSERT_EQ(seen->targets.size(), 2u) << "not those of the other job";
  EXPECT_EQ(seen->targets[0].address, "127.0.0.1:1");
  EXPECT_FALSE(seen->targets[0].up);
  EXPECT_EQ(seen->targets[1].address, address);
  EXPECT_TRUE(seen->targets[1].up);
  const double unix_now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_NEAR(seen->targets[1].last_scrape, unix_now, 5);
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
