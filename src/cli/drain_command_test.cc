// `promster drain` where the agent ends meanwhile: this test is the agent, under its name. With a
// real one: test/drain_command_test.cc.
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include "base/inbox.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

volatile std::sig_atomic_t asked_to_drain = 0;

std::string status(bool draining, pid_t pid) {
  return std::string(R"({"status": "success", "data": {"pid": )") + std::to_string(pid) +
         R"(, "draining": )" + (draining ? "true" : "false") +
         R"(, "registration": {"registered": true}}})";
}

class DrainCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    ::prctl(PR_SET_NAME, "promster");
    asked_to_drain = 0;
    std::signal(SIGUSR2, [](int) { asked_to_drain = 1; });
  }

  int run() {
    return run_command_line(
        all_commands(), {.arguments = {"drain", "--web.listen-address=" + server_->url().substr(7)},
                         .environment = {},
                         .out = out_,
                         .err = err_});
  }

  std::optional<std::string> answer() {
    const bool drains = asked_to_drain != 0;
    if (drains) seen_draining_.push(true);
    return StubServer::response(200, status(drains && drains_, drains ? pid_after_ : ::getpid()),
                                "Content-Type: application/json\r\n");
  }

  // Nobody listens any more once that was said.
  std::jthread end_after_the_signal() {
    return std::jthread([this] {
      seen_draining_.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(20));
      server_.reset();
    });
  }

  Inbox<bool> seen_draining_;
  bool drains_ = true;
  pid_t pid_after_ = ::getpid();
  std::ostringstream out_, err_;
  std::unique_ptr<StubServer> server_ =
      std::make_unique<StubServer>([this](const StubServer::Request&) { return answer(); });
};

TEST_F(DrainCommandTest, AnAgentThatIsStoppedMeanwhileHasEnded) {
  const std::jthread end = end_after_the_signal();
  EXPECT_EQ(run(), kExitFine) << err_.str();
  EXPECT_EQ(out_.str(), "it was stopped while it drained, and has ended\n");
}

TEST_F(DrainCommandTest, AnAgentThatEndsWithoutADrainDidNotDrain) {
  drains_ = false;
  const std::jthread end = end_after_the_signal();
  EXPECT_EQ(run(), kExitFailed);
  EXPECT_NE(err_.str().find("not drained"), std::string::npos) << err_.str();
}

TEST_F(DrainCommandTest, AnAgentThatIsStartedAnewDidNotDrain) {
  pid_after_ = ::getppid();
  EXPECT_EQ(run(), kExitFailed);
  EXPECT_NE(err_.str().find("started anew"), std::string::npos) << err_.str();
}

}  // namespace
}  // namespace promster
