#include "base/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgets to say that its functions are C
}

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "base/file.h"
#include "base/text.h"

namespace promster {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLong = 30s;

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() {
    std::string pattern = testing::TempDir() + "promster_process_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    output_ = folder_ + "/output";
  }
  ~ProcessTest() override { std::filesystem::remove_all(folder_); }

  Process start_shell(const std::string& script, bool own_group = false) const {
    auto process = Process::start({.argv = {"sh", "-c", script},
                                   .environment = {{"PROMSTER_TEST_SET", "a b"}},
                                   .unset_environment = {"PROMSTER_TEST_UNSET"},
                                   .output_path = output_,
                                   .own_group = own_group});
    if (!process) ADD_FAILURE() << process.error().message;
    return *std::move(process);
  }

  std::string folder_, output_;
};

bool exists(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

// Waits until any process, child or not, has ended; a zombie has.
bool ends(pid_t pid) {
  const int fd = ::pidfd_open(pid, 0);
  if (fd < 0) return errno == ESRCH;
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(kLong.count()));
  ::close(fd);
  return ready == 1;
}

// A named pipe to start a process with as its output, so that what it prints can be waited for.
class OutputPipe {
 public:
  explicit OutputPipe(const std::string& path) {
    if (::mkfifo(path.c_str(), 0600) != 0) std::abort();
    fd_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  }
  ~OutputPipe() { ::close(fd_); }
  OutputPipe(const OutputPipe&) = delete;
  OutputPipe& operator=(const OutputPipe&) = delete;

  // The next line, without its end; what there is of it where none comes.
  std::string line() const {
    std::string text;
    pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
    char c = 0;
    while (::poll(&waiting, 1, static_cast<int>(kLong.count())) == 1 && ::read(fd_, &c, 1) == 1) {
      if (c == '\n') break;
      text += c;
    }
    return text;
  }

 private:
  int fd_ = -1;
};

TEST_F(ProcessTest, TellsHowAProgramEnded) {
  Process process = start_shell("exit 7");
  const auto status = process.wait(kLong);
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->code, 7);
  EXPECT_EQ(status->signal, 0);
  EXPECT_EQ(status->text(), "exit code 7");
  EXPECT_FALSE(process.running());
  EXPECT_EQ(process.wait(kLong)->code, 7) << "asking again gives the same";
}

TEST_F(ProcessTest, TellsWhichSignalEndedIt) {
  Process process = start_shell("kill -9 $$");
  const auto status = process.wait(kLong);
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->signal, SIGKILL);
  EXPECT_EQ(status->code, 128 + SIGKILL);
  EXPECT_EQ(status->text(), "signal 9 (Killed)");
}

TEST_F(ProcessTest, ArgumentsArriveAsTheyAre) {
  auto process = Process::start({.argv = {"printf", "%s|", "a b", "$HOME", "*", "", "'\""},
                                 .environment = {},
                                 .unset_environment = {},
                                 .output_path = output_});
  ASSERT_TRUE(process.ok());
  ASSERT_TRUE(process->wait(kLong).has_value());
  EXPECT_EQ(*read_file(output_), "a b|$HOME|*||'\"|");
}

TEST_F(ProcessTest, EnvironmentIsOursWithChanges) {
  ::setenv("PROMSTER_TEST_UNSET", "x", 1);
  ::setenv("PROMSTER_TEST_SET", "old", 1);
  ::setenv("PROMSTER_TEST_KEPT", "kept", 1);
  auto process = Process::start({.argv = {"env"},
                                 .environment = {{"PROMSTER_TEST_SET", "a b"}},
                                 .unset_environment = {"PROMSTER_TEST_UNSET"},
                                 .output_path = output_});
  ASSERT_TRUE(process.ok());
  ASSERT_TRUE(process->wait(kLong).has_value());
  std::set<std::string> ours;
  const std::string text = *read_file(output_);
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("PROMSTER_TEST_")) ours.emplace(line);
  }
  EXPECT_EQ(ours, (std::set<std::string>{"PROMSTER_TEST_KEPT=kept", "PROMSTER_TEST_SET=a b"}));
}

TEST_F(ProcessTest, OutputIsAppended) {
  for (int i = 0; i < 2; ++i) {
    Process process = start_shell("echo out; echo err >&2");
    ASSERT_TRUE(process.wait(kLong).has_value());
  }
  EXPECT_EQ(*read_file(output_), "out\nerr\nout\nerr\n");
}

TEST_F(ProcessTest, InputIsEmptyWhateverOursIs) {
  const std::string input = folder_ + "/input";
  std::ofstream(input) << "ours\n";
  const int before = ::dup(0), file = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
  ::dup2(file, 0);
  Process process = start_shell("cat; echo end");
  ::dup2(before, 0);
  ::close(before);
  ::close(file);
  ASSERT_TRUE(process.wait(kLong).has_value());
  EXPECT_EQ(*read_file(output_), "end\n");
}

TEST_F(ProcessTest, SignalsAreAsAFreshProgramHasThem) {
  const auto before = ::signal(SIGTERM, SIG_IGN);
  Process process = start_shell("kill -TERM $$; echo survived");
  ::signal(SIGTERM, before);
  const auto status = process.wait(kLong);
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->signal, SIGTERM);
}

TEST_F(ProcessTest, SaysWhyItCouldNotStart) {
  const auto start = [](const std::string& program) {
    return Process::start(
        {.argv = {program}, .environment = {}, .unset_environment = {}, .output_path = ""});
  };
  EXPECT_EQ(start("no-such-program-here").error().message,
            "start no-such-program-here: No such file or directory");
  EXPECT_EQ(start("/nowhere/at-all").error().message,
            "start /nowhere/at-all: No such file or directory");
  EXPECT_EQ(start("/tmp").error().message, "start /tmp: Permission denied");
  EXPECT_FALSE(Process::start({}).ok());
}

TEST_F(ProcessTest, WaitingEndsAtItsDeadline) {
  Process process = start_shell("exec sleep 600");
  EXPECT_FALSE(process.wait(20ms).has_value());
  EXPECT_TRUE(process.running());
}

TEST_F(ProcessTest, StopsByTermAndThenByForce) {
  Process polite = start_shell("exec sleep 600");
  EXPECT_EQ(polite.stop(kLong).signal, SIGTERM);
  std::filesystem::remove(output_);
  const OutputPipe output(output_);
  Process deaf = start_shell("trap '' TERM; echo ready; while :; do sleep 600; done", true);
  ASSERT_EQ(output.line(), "ready");
  EXPECT_EQ(deaf.stop(50ms).signal, SIGKILL);
  EXPECT_EQ(deaf.stop(50ms).signal, SIGKILL) << "stopping again changes nothing";
}

TEST_F(ProcessTest, DestructionEndsAndReapsIt) {
  pid_t pid = 0;
  {
    const Process process = start_shell("exec sleep 600");
    pid = process.pid();
    EXPECT_TRUE(exists(pid));
  }
  EXPECT_FALSE(exists(pid));
  EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1);
}

TEST_F(ProcessTest, AGroupEndsAsAWhole) {
  const OutputPipe output(output_);
  pid_t child = 0;
  {
    const Process process = start_shell("sleep 600 & echo $!; wait", true);
    child = std::stoi("0" + output.line());
    ASSERT_GT(child, 0);
    EXPECT_TRUE(exists(child));
  }
  EXPECT_TRUE(ends(child));
}

TEST_F(ProcessTest, EndsWithTheThreadThatStartedIt) {
  std::optional<Process> process;
  std::thread([&] { process.emplace(start_shell("exec sleep 600")); }).join();
  const auto status = process->wait(kLong);
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->signal, SIGTERM);
}

TEST_F(ProcessTest, MovesLikeAValue) {
  Process one = start_shell("exit 3");
  Process other = std::move(one);
  EXPECT_EQ(other.wait(kLong)->code, 3);
  other = start_shell("exit 4");
  EXPECT_EQ(other.wait(kLong)->code, 4);
}

TEST(FindProgramTest, LooksInPath) {
  ASSERT_TRUE(find_program("sh").has_value());
  EXPECT_TRUE(find_program("sh")->ends_with("/sh"));
  EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
  EXPECT_EQ(find_program("no-such-program-here"), std::nullopt);
  EXPECT_EQ(find_program("/nowhere/sh"), std::nullopt);
}

}  // namespace
}  // namespace promster
