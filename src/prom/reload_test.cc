#include "prom/reload.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <optional>

#include "base/process.h"
#include "cluster/prometheus_server.h"
#include "cluster/temp_dir.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

using Kind = ReloadOutcome::Kind;

class ReloadTest : public testing::Test {
 protected:
  void start(bool lifecycle) {
    write("global: {scrape_interval: 10s}\n");
    auto started = PrometheusServer::start(
        {.dir = dir_.path(), .config_file = dir_.file("prometheus.yml"), .lifecycle = lifecycle});
    ASSERT_TRUE(started) << started.error().message;
    server_.emplace(std::move(*started));
  }
  void write(const std::string& config) const {
    std::ofstream(dir_.file("prometheus.yml")) << config;
  }
  ReloadOutcome reload(ReloadMethod method, Duration limit = Duration(10'000)) const {
    PrometheusApi api({.url = server_->url()});
    return reload_prometheus(
        api, {.method = method, .process = {.url = server_->url()}, .signal_limit = limit});
  }
  std::string interval() const {
    const auto yaml = PrometheusApi({.url = server_->url()}).config_yaml();
    const auto at = yaml ? yaml->find("scrape_interval: ") : std::string::npos;
    return at == std::string::npos ? "" : yaml->substr(at + 17, yaml->find('\n', at) - at - 17);
  }

  TempDir dir_ = *TempDir::make("promster-reload-test");
  std::optional<PrometheusServer> server_;
};

TEST_F(ReloadTest, ByHttp) {
  start(true);
  write("global: {scrape_interval: 20s}\n");
  const auto outcome = reload(ReloadMethod::kHttp);
  EXPECT_EQ(outcome.kind, Kind::kDone) << outcome.words;
  EXPECT_TRUE(outcome.asked);
  EXPECT_EQ(interval(), "20s");
}

TEST_F(ReloadTest, ByHttpRefused) {
  start(true);
  write("nonsense: 1\n");
  const auto outcome = reload(ReloadMethod::kAuto);
  EXPECT_EQ(outcome.kind, Kind::kRefused);
  EXPECT_NE(outcome.words.find("field nonsense not found"), std::string::npos) << outcome.words;
}

TEST_F(ReloadTest, ByHttpNotAllowedIsAMisconfiguration) {
  start(false);
  const auto outcome = reload(ReloadMethod::kHttp);
  EXPECT_EQ(outcome.kind, Kind::kMisconfigured);
  EXPECT_NE(outcome.words.find("403"), std::string::npos) << outcome.words;
  EXPECT_TRUE(outcome.words.ends_with("reload-method=signal")) << outcome.words;
}

TEST_F(ReloadTest, AutoFallsBackToTheSignal) {
  start(false);
  write("global: {scrape_interval: 20s}\n");
  const auto outcome = reload(ReloadMethod::kAuto);
  EXPECT_EQ(outcome.kind, Kind::kDone) << outcome.words;
  EXPECT_EQ(interval(), "20s");
}

// Several in one second, which whole seconds could not tell apart.
TEST_F(ReloadTest, BySignalSeesTheEndOfEachReload) {
  start(false);
  for (const std::string value : {"21s", "22s", "23s", "24s", "25s"}) {
    write("global: {scrape_interval: " + value + "}\n");
    const auto outcome = reload(ReloadMethod::kSignal);
    EXPECT_EQ(outcome.kind, Kind::kDone) << outcome.words;
    EXPECT_EQ(interval(), value);
  }
}

TEST_F(ReloadTest, BySignalRefusedAndRefusedAgainAndMended) {
  start(false);
  write("nonsense: 1\n");
  // Seen when it happens, not when the time is over.
  const auto first = reload(ReloadMethod::kSignal, std::chrono::hours(1));
  EXPECT_EQ(first.kind, Kind::kRefused);
  const auto again = reload(ReloadMethod::kSignal, Duration(500));
  EXPECT_EQ(again.kind, Kind::kRefused);
  EXPECT_NE(again.words.find("log"), std::string::npos) << again.words;
  EXPECT_EQ(interval(), "10s");
  write("global: {scrape_interval: 20s}\n");
  EXPECT_EQ(reload(ReloadMethod::kSignal).kind, Kind::kDone);
  EXPECT_EQ(interval(), "20s");
}

TEST_F(ReloadTest, NobodyThereIsUnreachableByEveryMethod) {
  start(true);
  server_->kill();
  for (const auto method : {ReloadMethod::kAuto, ReloadMethod::kHttp, ReloadMethod::kSignal}) {
    EXPECT_EQ(reload(method).kind, Kind::kUnreachable);
  }
}

TEST_F(ReloadTest, FindsThePidByThePortAndOnlyUnderItsName) {
  start(true);
  const auto found = find_prometheus({.url = server_->url()});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, server_->pid());
  const auto other = find_prometheus({.url = server_->url(), .program = "/usr/bin/victoria"});
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("no process /usr/bin/victoria"), std::string::npos);
}

TEST_F(ReloadTest, FindsThePidByTheFileWhereItIsAPrometheus) {
  start(true);
  const std::string file = dir_.file("prometheus.pid");
  const FindPrometheusOptions nobody_listens{.url = "http://127.0.0.1:1", .pid_file = file};
  EXPECT_FALSE(find_prometheus(nobody_listens));
  for (const std::string& wrong : {std::to_string(::getpid()), std::string("1x"), std::string("-1"),
                                   std::string("0"), std::string("4194305"), std::string()}) {
    std::ofstream(file) << wrong;
    EXPECT_FALSE(find_prometheus(nobody_listens)) << wrong;
  }
  std::ofstream(file) << server_->pid() << "\n";
  EXPECT_EQ(*find_prometheus(nobody_listens), server_->pid());
}

// It took the request and says nothing.
TEST(ReloadWithoutPrometheusTest, ByHttpGivesUpAtTheDeadline) {
  StubServer silent([](const auto&) { return std::nullopt; });
  PrometheusApi api({.url = silent.url(), .reload_deadline = Duration(200)});
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = reload_prometheus(api, {.method = ReloadMethod::kHttp});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_EQ(outcome.kind, Kind::kUnreachable) << outcome.words;
  EXPECT_NE(outcome.words.find("Timeout was reached"), std::string::npos) << outcome.words;
  EXPECT_EQ(silent.requests().at(0).path, "/-/reload");
}

// A process that does not handle SIGHUP would die of one.
TEST(ReloadWithoutPrometheusTest, NeverSignalsAProcessOfAnotherName) {
  StubServer self([](const auto&) {
    return StubServer::response(200,
                                "prometheus_config_last_reload_successful 1\n"
                                "prometheus_config_last_reload_success_timestamp_seconds 1\n");
  });
  PrometheusApi api({.url = self.url()});
  const auto outcome =
      reload_prometheus(api, {.method = ReloadMethod::kSignal, .process = {.url = self.url()}});
  EXPECT_EQ(outcome.kind, Kind::kMisconfigured);
  EXPECT_FALSE(outcome.asked);
}

}  // namespace
}  // namespace promster
