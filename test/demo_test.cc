// `promster demo` as a user runs it, and what it leaves behind: nothing.

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/file.h"
#include "base/process.h"
#include "cluster/free_port.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

using std::chrono::seconds;

class DemoTest : public testing::Test {
 protected:
  void SetUp() override {
    // Whatever the demo leaves running becomes our child, so that we see it.
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
    auto dir = TempDir::make("promster-demo-test");
    auto port = reserve_port();
    ASSERT_TRUE(dir.ok() && port.ok());
    dir_.emplace(std::move(*dir));
    port_.emplace(std::move(*port));
    std::filesystem::create_directory(temp());
  }

  std::string temp() const { return dir_->file("tmp"); }
  std::string output() const { return read_file(dir_->file("output")).value(); }

  void start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {PROMSTER_BINARY, "demo"});
    arguments.push_back("--port=" + std::to_string(port_->port()));
    auto process = Process::start({.argv = arguments,
                                   .environment = {{"TMPDIR", temp()}},
                                   .output_path = dir_->file("output"),
                                   .own_group = true});
    ASSERT_TRUE(process) << process.error().message;
    demo_.emplace(std::move(*process));
  }

  // What another terminal asks of it.
  std::string ask(const std::vector<std::string>& words) {
    std::vector<std::string> argv{PROMSTER_BINARY, "demo"};
    argv.insert(argv.end(), words.begin(), words.end());
    argv.push_back("--port=" + std::to_string(port_->port()));
    const auto asked = run_program(argv, seconds(10));
    return asked ? asked->text : asked.error().message;
  }

  // Waits until the demo has printed a text this often, or has ended.
  void wait_for_text(const std::string& text, int times = 1) {
    const auto printed = [&] {
      const std::string all = output();
      int found = 0;
      for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++found;
      return found >= times || !demo_->running();
    };
    const auto waited = wait_for(text, seconds(80), printed);
    ASSERT_TRUE(waited) << waited.error().message << "\n" << output();
    ASSERT_TRUE(demo_->running()) << output();
  }

  void expect_exit(int code, Duration most) {
    const auto ended = demo_->wait(most);
    ASSERT_TRUE(ended) << "it still runs\n" << output();
    EXPECT_EQ(ended->code, code) << output();
  }

  // True once no process of the demo is left, nor the remains of one.
  static bool no_child_is_left() {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
  }

  std::optional<TempDir> dir_;
  std::optional<PortLease> port_;
  std::optional<Process> demo_;
};

TEST_F(DemoTest, ChecksItselfAndLeavesNothing) {
  start({"--exit-after-check"});
  expect_exit(0, seconds(240));
  EXPECT_TRUE(no_child_is_left());
  EXPECT_TRUE(std::filesystem::is_empty(temp()));
  const std::string all = output();
  EXPECT_NE(all.find("level1 goes from 5 to 3 nodes"), std::string::npos) << all;
  EXPECT_NE(all.find("total at the top: "), std::string::npos) << all;
}

TEST_F(DemoTest, IsInterruptedInTheMiddleAndLeavesNothing) {
  start({});
  wait_for_text("level2 starts");
  demo_->signal(SIGINT);
  expect_exit(0, seconds(30));
  EXPECT_TRUE(no_child_is_left());
  EXPECT_TRUE(std::filesystem::is_empty(temp()));
}

TEST_F(DemoTest, AnInterruptedCheckIsNoSuccess) {
  start({"--exit-after-check"});
  wait_for_text("level3 starts");
  demo_->signal(SIGTERM);
  expect_exit(1, seconds(30));
  EXPECT_NE(output().find("stopped before the check was over"), std::string::npos) << output();
  EXPECT_TRUE(no_child_is_left());
}

TEST_F(DemoTest, IsScaledRobbedOfANodeAndStoppedFromAnotherTerminal) {
  start({"--targets=6", "--level1=1", "--level2=1"});
  wait_for_text("Ctrl-C stops all of it.");
  EXPECT_EQ(ask({"scale", "level1=2"}), "level1 goes to 2 nodes\n");
  wait_for_text("level1 goes from 1 to 2 nodes");
  wait_for_text("all is right", 2);
  // The third thing that it says to try.
  const std::string all = output();
  const std::string hint = "kill -9 ";
  const auto at = all.find(hint);
  ASSERT_NE(at, std::string::npos) << all;
  ::kill(std::stoi(all.substr(at + hint.size())), SIGKILL);
  wait_for_text("level1-1 has ended; the others take its targets");
  wait_for_text("all is right", 3);
  EXPECT_EQ(ask({"stop"}), "the demo stops\n");
  expect_exit(0, seconds(30));
  EXPECT_TRUE(no_child_is_left());
  EXPECT_TRUE(std::filesystem::is_empty(temp()));
}

TEST_F(DemoTest, TakesItsProcessesAlongWhenItIsKilled) {
  start({"--targets=2", "--level1=1", "--level2=1"});
  wait_for_text("level3 starts");
  demo_->signal(SIGKILL);
  expect_exit(128 + SIGKILL, seconds(5));
  EXPECT_TRUE(wait_for("the end of its processes", seconds(30), no_child_is_left));
}

TEST_F(DemoTest, SaysHowToGetWhatItNeeds) {
  auto asked = Process::start({.argv = {PROMSTER_BINARY, "demo", "--exit-after-check"},
                               .environment = {{"PATH", temp()}},
                               .output_path = dir_->file("output")});
  ASSERT_TRUE(asked);
  demo_.emplace(std::move(*asked));
  expect_exit(1, seconds(10));
  EXPECT_EQ(
      output(),
      "promster: no etcd and prometheus in PATH; try: apt-get install etcd-server prometheus\n");
}

TEST_F(DemoTest, RefusesNumbersItCannotServe) {
  start({"--level1=0"});
  expect_exit(2, seconds(10));
  EXPECT_NE(output().find("--level1; 0 is not from 1 to 30"), std::string::npos) << output();
}

}  // namespace
}  // namespace promster
