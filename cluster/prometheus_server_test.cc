#include "cluster/prometheus_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <optional>

#include "cluster/temp_dir.h"
#include "prom/http_client.h"

namespace promster {
namespace {

class PrometheusServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto dir = TempDir::make("promster-prometheus-test");
    ASSERT_TRUE(dir);
    dir_.emplace(std::move(*dir));
  }
  std::string path() const { return dir_->path(); }

  int post_reload(const PrometheusServer& server) {
    const auto response = HttpClient().send({.method = "POST", .url = server.url() + "/-/reload"});
    return response ? response->status : -1;
  }

  std::optional<TempDir> dir_;
};

TEST_F(PrometheusServerTest, ReloadsWhereLifecycleIsOn) {
  const auto server = PrometheusServer::start({.dir = path()});
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(post_reload(*server), 200);
}

TEST_F(PrometheusServerTest, DoesNotReloadWhereLifecycleIsOff) {
  const auto server = PrometheusServer::start({.dir = path(), .lifecycle = false});
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(post_reload(*server), 403);
}

TEST_F(PrometheusServerTest, ComesBackOnTheSamePort) {
  auto server = PrometheusServer::start({.dir = path()});
  ASSERT_TRUE(server) << server.error().message;
  const std::string ready = server->url() + "/-/ready";
  server->kill();
  EXPECT_FALSE(HttpClient().get(ready));
  ASSERT_TRUE(server->restart());
  const auto response = HttpClient().get(ready);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
}

TEST_F(PrometheusServerTest, AnswersNothingWhilePaused) {
  auto server = PrometheusServer::start({.dir = path()});
  ASSERT_TRUE(server) << server.error().message;
  const std::string ready = server->url() + "/-/ready";
  server->pause();
  EXPECT_FALSE(HttpClient().get(ready, Duration(200)));
  server->resume();
  EXPECT_TRUE(HttpClient().get(ready));
}

TEST_F(PrometheusServerTest, SaysWhyItDidNotStart) {
  const std::string config = path() + "/broken.yml";
  std::ofstream(config) << "no_such_section: {}\n";
  const auto server = PrometheusServer::start({.dir = path(), .config_file = config});
  ASSERT_FALSE(server);
  EXPECT_NE(server.error().message.find("no_such_section"), std::string::npos);
}

}  // namespace
}  // namespace promster
