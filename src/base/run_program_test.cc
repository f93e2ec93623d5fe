#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgets to say that its functions are C
}

#include <string>

#include "base/process.h"

namespace promster {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLong = 30s;

Result<RunOutput> run_shell(const std::string& script, Duration most = kLong) {
  return run_program({"sh", "-c", script}, most);
}

TEST(RunProgramTest, GivesOutputAndExitCode) {
  const auto run = run_shell("echo out; echo err >&2; exit 3");
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run->text, "out\nerr\n");
  EXPECT_EQ(run->status.code, 3);
}

TEST(RunProgramTest, ReadsMoreThanAPipeHolds) {
  const auto run = run_shell("head -c 300000 /dev/zero | tr '\\0' x");
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run->text, std::string(300'000, 'x'));
}

TEST(RunProgramTest, CutsOutputButReadsItToTheEnd) {
  const auto run = run_shell("head -c 3000000 /dev/zero; exit 5");
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_LE(run->text.size(), (1U << 20) + (16U << 10));
  EXPECT_EQ(run->status.code, 5);
}

TEST(RunProgramTest, OneThatTakesTooLongIsKilled) {
  const auto start = std::chrono::steady_clock::now();
  const auto run = run_shell("sleep 600; echo late", 100ms);
  EXPECT_EQ(run.error().message, "run sh: took longer than 100ms and was killed");
  EXPECT_LT(std::chrono::steady_clock::now() - start, kLong);
}

// A child left behind may hold the output open; it is waited for as long as the program might have
// taken, and does not outlive the call.
TEST(RunProgramTest, LeavesNoChildBehind) {
  const auto run = run_shell("sleep 600 & echo $!", 100ms);
  ASSERT_TRUE(run.ok()) << run.error().message;
  const int fd = ::pidfd_open(std::stoi(run->text), 0);
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  EXPECT_TRUE(fd < 0 || ::poll(&waiting, 1, static_cast<int>(kLong.count())) == 1);
  ::close(fd);
}

TEST(RunProgramTest, SaysWhyItCouldNotStart) {
  EXPECT_EQ(run_program({"no-such-program-here"}, kLong).error().message,
            "start no-such-program-here: No such file or directory");
  EXPECT_FALSE(run_program({}, kLong).ok());
}

}  // namespace
}  // namespace promster
