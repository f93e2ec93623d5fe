// `promster drain` where the agent ends meanwhile: this test is the agent, under its name. With a
// real one: test/drain_command_test.cc.
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
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

std::string status(bool draining, pid_t pid, const std::string& end) {
  return std::string(R"({"status": "success", "data": {"time": 1000, "pid": )") +
         std::to_string(pid) + R"(, "draining": )" + (draining ? "true" : "false") +
         R"(, "drain_until": )" + (draining ? "1045" : "null") + R"(, "drain_end": ")" + end +
         R"(", "registration": {"registered": )" + (end.empty() ? "true" : "false") + "}}}";
}

class DrainCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    ::prctl(PR_SET_NAME, "promster");
    asked_to_drain = 0;
    std::signal(SIGUSR2, [](int) { asked_to_drain = 1; });
  }

  int run(const std::string& more = "--log.level=info") {
    const std::string address = "--web.listen-address=" + server_->url().substr(7);
    return run_command_line(
        all_commands(),
        {.arguments = {"drain", address, more}, .environment = {}, .out = out_, .err = err_});
  }

  std::optional<std::string> answer() {
    const bool drains = asked_to_drain != 0;
    if (drains) seen_draining_.push(true);
    if (drains && deaf_for_ > 0) {
      --deaf_for_;
      return StubServer::response(503, "busy", "Content-Type: text/plain\r\n");
    }
    const auto now = std::chrono::steady_clock::now();
    if (drains && !since_) since_ = now;
    const bool ended = drains && now >= *since_ + ends_after_;
    const pid_t pid = drains ? pid_after_ : ::getpid();
    return StubServer::response(200, status(drains && drains_, pid, ended ? end_ : ""),
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
  std::string end_;  // of the drain
  std::chrono::seconds ends_after_{0};
  std::optional<std::chrono::steady_clock::time_point> since_;
  std::atomic<int> deaf_for_{0};  // answers of the page that fail once it drains
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

TEST_F(DrainCommandTest, SaysWhatItCameTo) {
  end_ = "nobody";
  EXPECT_EQ(run(), kExitFine) << err_.str();
  EXPECT_EQ(out_.str(), "there is nobody to hand over to\n");
  for (const auto& [end, words] : std::map<std::string, std::string>{
           {"etcd_silent", "etcd does not answer"}, {"time_up", "a longer --shard.drain"}}) {
    end_ = end;
    EXPECT_EQ(run(), kExitFailed);
    EXPECT_NE(err_.str().find(words), std::string::npos) << err_.str();
  }
}

TEST_F(DrainCommandTest, APageThatDoesNotAnswerForAWhileIsAskedAgain) {
  deaf_for_ = 2;
  end_ = "handed_over";
  EXPECT_EQ(run(), kExitFine) << err_.str();
  EXPECT_EQ(out_.str(), "handed over\n");
}

// The wait is the agent's --shard.drain, not that of whoever asks, which would be over by then.
TEST_F(DrainCommandTest, TheAgentSaysHowLongItMayTake) {
  ends_after_ = std::chrono::seconds(17);
  end_ = "handed_over";
  EXPECT_EQ(run("--shard.drain=1s"), kExitFine) << err_.str();
  EXPECT_EQ(out_.str(), "handed over\n");
}

TEST_F(DrainCommandTest, AnAgentThatIsStartedAnewDidNotDrain) {
  pid_after_ = ::getppid();
  EXPECT_EQ(run(), kExitFailed);
  EXPECT_NE(err_.str().find("started anew"), std::string::npos) << err_.str();
}

}  // namespace
}  // namespace promster
