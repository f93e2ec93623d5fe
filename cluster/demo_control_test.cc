#include "cluster/demo_control.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "cluster/free_port.h"
#include "prom/http_client.h"

namespace promster {
namespace {

class DemoControlTest : public testing::Test {
 protected:
  void SetUp() override {
    auto port = reserve_port();
    ASSERT_TRUE(port);
    port_.emplace(std::move(*port));
    auto control = DemoControl::start(port_->port(), 3, requests_, report_);
    ASSERT_TRUE(control) << control.error().message;
    control_ = std::move(*control);
  }

  std::vector<DemoRequest> asked() {
    return requests_.wait_until(std::chrono::steady_clock::now());
  }

  std::optional<PortLease> port_;
  Inbox<DemoRequest> requests_;
  Published<std::string> report_{"all is well"};
  std::unique_ptr<DemoControl> control_;
};

TEST_F(DemoControlTest, TakesAScale) {
  const auto answer = ask_demo(port_->port(), "scale", "level1=2");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, "level1 goes to 2 nodes");
  EXPECT_EQ(asked(), std::vector<DemoRequest>{(ScaleLevel{.level = 0, .nodes = 2})});
}

TEST_F(DemoControlTest, TakesAStop) {
  ASSERT_TRUE(ask_demo(port_->port(), "stop", ""));
  EXPECT_EQ(asked(), std::vector<DemoRequest>{StopDemo{}});
}

TEST_F(DemoControlTest, RefusesWhatItCannotDo) {
  const auto answer = ask_demo(port_->port(), "scale", "level4=2");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "there is no level4; try: level1 to level3");
  EXPECT_TRUE(asked().empty());
}

TEST_F(DemoControlTest, IsNotMovedByAGet) {
  const std::string url = "http://" + port_->address();
  const auto response = HttpClient().get(url + "/stop");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 405);
  EXPECT_TRUE(asked().empty());
}

TEST_F(DemoControlTest, IsNotMovedByAPageOfAnotherOrigin) {
  const auto response = HttpClient().send({.method = "POST",
                                           .url = "http://" + port_->address() + "/stop",
                                           .headers = {{"Origin", "http://evil.example"}}});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 403);
  EXPECT_TRUE(asked().empty());
}

TEST_F(DemoControlTest, ShowsTheReport) {
  const auto response = HttpClient().get("http://" + port_->address() + "/");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "all is well\n");
}

TEST_F(DemoControlTest, IsAloneOnItsPort) {
  const auto second = DemoControl::start(port_->port(), 3, requests_, report_);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("promster demo stop"), std::string::npos);
}

TEST(DemoControl, SaysWhereNoDemoRuns) {
  const auto port = reserve_port();
  ASSERT_TRUE(port);
  const auto answer = ask_demo(port->port(), "stop", "");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message,
            "no demo answers at http://" + port->address() + "; try: promster demo");
}

TEST(ParseScale, ReadsALevelAndItsNodes) {
  const auto scale = parse_scale("level3=12", 3);
  ASSERT_TRUE(scale);
  EXPECT_EQ(*scale, (ScaleLevel{.level = 2, .nodes = 12}));
}

TEST(ParseScale, RefusesTheRest) {
  for (const char* text :
       {"", "level1", "level1=", "level=2", "level1=x", "level1=2=3", "level0=1", "level4=1",
        "level1=0", "level1=31", "level1=-1", "node1=2", "level99999999999=1"}) {
    EXPECT_FALSE(parse_scale(text, 3)) << text;
  }
}

}  // namespace
}  // namespace promster
