// `promster confirm` against a page that says what a test wants, with no agent behind it. With a
// real one: test/node_test.cc.
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <sstream>

#include "base/file.h"
#include "base/process.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"
#include "prom/stub_server_for_test.h"

namespace promster {
namespace {

using Strings = std::vector<std::string>;

std::string holding(int count, pid_t pid = ::getpid(), int confirmations = 0) {
  return R"({"status": "success", "data": {"pid": )" + std::to_string(pid) +
         R"(, "targets": {"held": )" + std::to_string(count) + R"(, "confirmations": )" +
         std::to_string(confirmations) + "}}}";
}

volatile std::sig_atomic_t g_confirmations = 0;

// This process is the agent that is told, for as long as this lives.
class PosesAsAgent {
 public:
  PosesAsAgent() {
    ::prctl(PR_GET_NAME, name_);
    ::prctl(PR_SET_NAME, "promster");
    g_confirmations = 0;
    former_ = std::signal(SIGUSR1, [](int) { g_confirmations = g_confirmations + 1; });
  }
  ~PosesAsAgent() {
    std::signal(SIGUSR1, former_);
    ::prctl(PR_SET_NAME, name_);
  }
  PosesAsAgent(const PosesAsAgent&) = delete;
  PosesAsAgent& operator=(const PosesAsAgent&) = delete;

 private:
  char name_[16] = {};
  void (*former_)(int) = nullptr;
};

class ConfirmCommandTest : public testing::Test {
 protected:
  int run(const Strings& more) {
    Strings arguments{"confirm"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command_line(all_commands(),
                            {.arguments = arguments, .environment = {}, .out = out_, .err = err_});
  }
  int run_here() { return run({"--web.listen-address=" + server_.url().substr(7)}); }
  bool complained(const std::string& words) const {
    return err_.str().find(words) != std::string::npos;
  }

  std::string answer_;
  std::string told_;  // what the page says once somebody confirmed; if empty, the same
  std::ostringstream out_, err_;
  StubServer server_{[this](const StubServer::Request&) {
    const bool told = !told_.empty() && g_confirmations > 0;
    return StubServer::response(200, told ? told_ : answer_, "Content-Type: application/json\r\n");
  }};
};

TEST_F(ConfirmCommandTest, WhereNothingIsHeldThereIsNothingToDo) {
  answer_ = holding(0);
  EXPECT_EQ(run_here(), kExitFine);
  EXPECT_EQ(out_.str(), "nothing is held\n");
  EXPECT_EQ(err_.str(), "");
}

// Who listens there is this test.
TEST_F(ConfirmCommandTest, NoProcessOfAnotherNameIsSentASignal) {
  answer_ = holding(3);
  EXPECT_EQ(run_here(), kExitFailed);
  EXPECT_EQ(out_.str(), "");
  EXPECT_TRUE(complained("no process promster")) << err_.str();
  EXPECT_TRUE(complained("try: as root, or as the agent's user")) << err_.str();
}

// One that runs here, but is not the one that was asked: it does not listen there.
TEST_F(ConfirmCommandTest, NoOtherAgentIsSentASignal) {
  const TempDir dir = *TempDir::make("confirm");
  std::filesystem::create_symlink("/bin/sleep", dir.file("promster"));
  auto other = Process::start({.argv = {dir.file("promster"), "1000"}});
  ASSERT_TRUE(other) << other.error().message;
  const auto named = wait_for("its name", std::chrono::seconds(20), [&] {
    return *read_file("/proc/" + std::to_string(other->pid()) + "/comm") == "promster\n";
  });
  ASSERT_TRUE(named) << named.error().message;
  answer_ = holding(3, other->pid());
  EXPECT_EQ(run_here(), kExitFailed);
  EXPECT_TRUE(complained("no process promster")) << err_.str();
  EXPECT_TRUE(complained("(" + std::to_string(other->pid()) + ") and listens on")) << err_.str();
  EXPECT_TRUE(other->running());
}

TEST_F(ConfirmCommandTest, WithoutAnAgentItSaysSo) {
  EXPECT_EQ(run({"--web.listen-address=127.0.0.1:1"}), kExitFailed);
  EXPECT_TRUE(complained("try: is the agent running")) << err_.str();
}

TEST_F(ConfirmCommandTest, WhatWasHeldIsLetGo) {
  const PosesAsAgent agent;
  answer_ = holding(7, ::getpid(), 3);
  told_ = holding(0, ::getpid(), 4);
  EXPECT_EQ(run_here(), kExitFine) << err_.str();
  EXPECT_EQ(g_confirmations, 1);
  EXPECT_EQ(out_.str(), "7 targets were held, and are let go\n");
}

// They went after the agent was told, so nobody said of them that they are gone indeed.
TEST_F(ConfirmCommandTest, WhatGoesMeanwhileIsToldAndNotWaitedFor) {
  const PosesAsAgent agent;
  answer_ = holding(1, ::getpid(), 3);
  told_ = holding(20, ::getpid(), 4);
  EXPECT_EQ(run_here(), kExitFine) << err_.str();
  EXPECT_EQ(out_.str(),
            "1 target was held, and is let go\n"
            "20 targets went meanwhile, and are held: promster status targets --state held\n");
}

// 192.0.2.0/24 is nobody's: RFC 5737.
TEST_F(ConfirmCommandTest, AnAgentElsewhereIsNotAskedForTheOneHere) {
  EXPECT_EQ(run({"--url=http://192.0.2.1:9096"}), kExitFailed);
  EXPECT_TRUE(complained("192.0.2.1 is not this machine")) << err_.str();
  answer_ = holding(0);
  EXPECT_EQ(run({"--url=" + server_.url()}), kExitFine) << err_.str();
}

}  // namespace
}  // namespace promster
