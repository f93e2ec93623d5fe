#include <gtest/gtest.h>

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

}  // namespace
}  // namespace promster
