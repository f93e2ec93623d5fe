#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "cli/commands.h"
#include "web/password_check.h"

namespace promster {
namespace {

struct Outcome {
  int exit = 0;
  std::string out, err;
};

// Runs the command with `input` on its standard input.
Outcome run(const std::string& input, const std::string& cost = "4") {
  EXPECT_NE(std::freopen("/dev/null", "r", stdin), nullptr);  // no terminal, whoever runs this
  std::istringstream in(input);
  std::streambuf* const before = std::cin.rdbuf(in.rdbuf());
  std::ostringstream out, err;
  const CommandCall call{.arguments = {},
                         .options = {{"--cost", cost}},
                         .positionals = {},
                         .loaded = {},
                         .environment = {},
                         .out = out,
                         .err = err};
  const int exit = hash_password_command().run(call);
  std::cin.rdbuf(before);
  return {.exit = exit, .out = out.str(), .err = err.str()};
}

TEST(HashPassword, PrintsAHashThatTheServerTakes) {
  for (const std::string input : {"secret\n", "secret", "secret\r\nmore\n"}) {
    const Outcome outcome = run(input);
    ASSERT_EQ(outcome.exit, kExitFine) << outcome.err;
    const std::string hash = outcome.out.substr(0, outcome.out.size() - 1);
    ASSERT_TRUE(is_bcrypt_hash(hash)) << hash;
    EXPECT_TRUE(PasswordCheck({{"ann", hash}}).verify({.user = "ann", .password = "secret"}));
  }
}

TEST(HashPassword, IsSaltedAnew) {
  EXPECT_NE(run("secret\n").out, run("secret\n").out);
}

TEST(HashPassword, RefusesWhatBcryptWouldNotLookAt) {
  EXPECT_EQ(run(std::string(72, 'a')).exit, kExitFine);
  EXPECT_EQ(run(std::string(73, 'a')).exit, kExitFailed);
  EXPECT_EQ(run(std::string("a\0b", 3)).exit, kExitFailed);
  EXPECT_EQ(run("").exit, kExitFailed);
}

TEST(HashPassword, RefusesACostThatNobodyCanWaitFor) {
  for (const std::string cost : {"3", "15", "99"}) {
    EXPECT_EQ(run("secret\n", cost).exit, kExitUsage) << cost;
  }
}

// The command at a terminal of its own.
class HashPasswordAtATerminal : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::openpty(&master_, &slave_, nullptr, nullptr, nullptr), 0);
    child_ = ::fork();
    if (child_ != 0) return;
    ::login_tty(slave_);
    const CommandCall call{.arguments = {},
                           .options = {{"--cost", "4"}},
                           .positionals = {},
                           .loaded = {},
                           .environment = {},
                           .out = std::cout,
                           .err = std::cerr};
    const int exit = hash_password_command().run(call);
    std::cout << std::flush;
    ::_exit(exit);
  }
  void TearDown() override {
    ::close(master_);
    ::close(slave_);
  }

  // Reads until the terminal shows the words.
  void sees(const std::string& words) {
    for (char byte = 0; shown_.find(words) == std::string::npos; shown_ += byte) {
      ASSERT_EQ(::read(master_, &byte, 1), 1) << shown_;
    }
  }
  void types(const std::string& text) {
    ASSERT_EQ(::write(master_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  bool echoes() const {
    termios now{};
    EXPECT_EQ(::tcgetattr(slave_, &now), 0);
    return (now.c_lflag & ECHO) != 0;
  }
  int wait() const {
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    return status;
  }

  int master_ = -1, slave_ = -1;
  pid_t child_ = -1;
  std::string shown_;
};

TEST_F(HashPasswordAtATerminal, AsksTwiceAndShowsNothingOfIt) {
  sees("Password: ");
  EXPECT_FALSE(echoes());
  types("s\u00e9cret\n");
  sees("Again: ");
  types("s\u00e9cret\n");
  sees("$2b$04$");
  EXPECT_EQ(shown_.find("cret"), std::string::npos);
  EXPECT_EQ(wait(), 0);
  EXPECT_TRUE(echoes());
}

TEST_F(HashPasswordAtATerminal, ACtrlCLeavesATerminalThatEchoes) {
  sees("Password: ");
  EXPECT_FALSE(echoes());
  types("\x03");
  const int status = wait();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
  EXPECT_TRUE(echoes());
}

}  // namespace
}  // namespace promster
