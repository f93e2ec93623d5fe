// `promster confirm` against a page that says what a test wants, with no agent behind it. With a
// real one: test/node_test.cc.
#include <gtest/gtest.h>
#include <unistd.h>

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

std::string holding(int count, pid_t pid = ::getpid()) {
  return R"({"status": "success", "data": {"pid": )" + std::to_string(pid) +
         R"(, "targets": {"held": )" + std::to_string(count) + "}}}";
}

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
  std::ostringstream out_, err_;
  StubServer server_{[this](const StubServer::Request&) {
    return StubServer::response(200, answer_, "Content-Type: application/json\r\n");
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

// 192.0.2.0/24 is nobody's: RFC 5737.
TEST_F(ConfirmCommandTest, AnAgentElsewhereIsNotAskedForTheOneHere) {
  EXPECT_EQ(run({"--url=http://192.0.2.1:9096"}), kExitFailed);
  EXPECT_TRUE(complained("192.0.2.1 is not this machine")) << err_.str();
  answer_ = holding(0);
  EXPECT_EQ(run({"--url=" + server_.url()}), kExitFine) << err_.str();
}

}  // namespace
}  // namespace promster
