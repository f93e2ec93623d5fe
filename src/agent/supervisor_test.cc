#include "agent/supervisor.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "base/notify_socket_for_test.h"
#include "base/text.h"
#include "cluster/temp_dir.h"
#include "cluster/wait.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

constexpr Duration kPatience{20'000};

std::string content(const std::string& path) {
  const auto text = read_file(path);
  return text ? *text : "";
}

int count(const std::string& text, const std::string& part) {
  int times = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++times;
  }
  return times;
}

// One field of /proc/PID/stat, counted from 1 (proc(5)), of those behind the name.
std::string stat_field(pid_t pid, int number) {
  const std::string stat = content("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return "";
  return std::string(
      split(trim(stat.substr(name_end + 2)), ' ')[static_cast<std::size_t>(number - 3)]);
}

bool alive(pid_t pid) {
  const std::string state = stat_field(pid, 3);
  return !state.empty() && state != "Z";
}

// The processes whose parent is `parent`.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const pid_t pid = static_cast<pid_t>(std::atoi(entry.path().filename().c_str()));
    if (pid > 0 && stat_field(pid, 4) == std::to_string(parent)) children.push_back(pid);
  }
  return children;
}

std::vector<std::string> shell(const std::string& script) {
  return {"/bin/sh", "-c", script};
}

// A shell that runs until it is told to stop, and then runs `farewell`.
std::vector<std::string> patient(const std::string& farewell) {
  return shell("trap '" + farewell +
               "; exit 0' TERM; echo ready >> \"$READY\"; "
               "while :; do sleep 0.02; done");
}

// A supervisor in a process of its own, as it is used, with programs that stand for the agent and
// Prometheus.
class SupervisorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Children of a supervisor that was killed come to us and not to the machine's PID 1.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    options_.agent.argv = {"/bin/sleep", "1000"};
    options_.prometheus.argv = {"/bin/sleep", "1000"};
    options_.config_dir = dir_.path();
    options_.prometheus_config = dir_.file("prometheus.yml");
    options_.pid_file = dir_.file("prometheus.pid");
    options_.restart.first = std::chrono::milliseconds(50);
    std::ofstream(options_.prometheus_config) << "global: {}\n";
    for (SpawnOptions* child : {&options_.agent, &options_.prometheus}) {
      child->environment = {{"READY", dir_.file("ready")}, {"EVENTS", dir_.file("events")}};
    }
  }

  // Whatever is left comes to us, since we are a subreaper.
  void TearDown() override {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    for (auto left = children_of(::getpid()); !left.empty(); left = children_of(::getpid())) {
      for (const pid_t child : left) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
      }
    }
  }

  void start() {
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::freopen(log_path().c_str(), "a", stderr);
    ::_exit(supervise(options_, Log(LogLevel::kDebug)));
  }

  std::string log_path() const { return dir_.file("log"); }
  std::string events() const { return content(dir_.file("events")); }

  void wait_for_log(const std::string& part, int times = 1) {
    const auto done =
        wait_for(part, kPatience, [&] { return count(content(log_path()), part) >= times; });
    ASSERT_TRUE(done.ok()) << done.error().message << "\n" << content(log_path());
  }

  // Both run, and the scripts among them have set their traps.
  void wait_until_up(int scripts = 0) {
    wait_for_log("process=agent pid=");
    wait_for_log("process=prometheus pid=");
    const auto done = wait_for("scripts", kPatience, [&] {
      return count(content(dir_.file("ready")), "ready") >= scripts;
    });
    ASSERT_TRUE(done.ok());
  }

  // The pid that the newest log line about a start of `process` names.
  pid_t pid_of(const std::string& process) const {
    const std::string log = content(log_path()), key = "process=" + process + " pid=";
    const std::size_t at = log.rfind(key);
    return at == std::string::npos ? -1 : std::atoi(log.c_str() + at + key.size());
  }

  // Its exit code; -1 where it does not end.
  int wait_for_exit() {
    int status = 0;
    const auto ended = wait_for("the supervisor to end", kPatience,
                                [&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; });
    if (!ended) return -1;
    pid_ = -1;
    return ExitStatus::from_wait(status).code;
  }

  TempDir dir_ = *TempDir::make("supervisor");
  SupervisorOptions options_;
  pid_t pid_ = -1;
};

TEST_F(SupervisorTest, TheDeathOfOneDoesNotDisturbTheOther) {
  start();
  wait_until_up();
  const pid_t agent = pid_of("agent"), prometheus = pid_of("prometheus");

  ASSERT_EQ(::kill(agent, SIGKILL), 0);
  wait_for_log("process=agent pid=", 2);
  EXPECT_NE(pid_of("agent"), agent);
  EXPECT_TRUE(alive(prometheus));
  EXPECT_EQ(pid_of("prometheus"), prometheus);

  const pid_t second_agent = pid_of("agent");
  ASSERT_EQ(::kill(prometheus, SIGKILL), 0);
  wait_for_log("process=prometheus pid=", 2);
  EXPECT_TRUE(alive(second_agent));
  EXPECT_EQ(pid_of("agent"), second_agent);
  EXPECT_EQ(count(content(log_path()), "reason=\"signal 9 (Killed)\""), 2);
}

TEST_F(SupervisorTest, PrometheusWaitsForItsConfiguration) {
  std::filesystem::remove(options_.prometheus_config);
  start();
  wait_for_log("process=agent pid=");
  // The agent of a real node writes it; here it is the one that appears after the agent started.
  EXPECT_EQ(pid_of("prometheus"), -1);
  std::ofstream(options_.prometheus_config) << "global: {}\n";
  wait_for_log("process=prometheus pid=");
}

TEST_F(SupervisorTest, ThePidFileFollowsPrometheus) {
  start();
  wait_until_up();
  const auto file_says = [&](pid_t pid) {
    return wait_for("the pid file", kPatience,
                    [&] { return content(options_.pid_file) == std::to_string(pid) + "\n"; });
  };
  ASSERT_TRUE(file_says(pid_of("prometheus")).ok());
  ::kill(pid_of("prometheus"), SIGKILL);
  wait_for_log("process=prometheus pid=", 2);
  ASSERT_TRUE(file_says(pid_of("prometheus")).ok());
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(wait_for_exit(), 0);
  EXPECT_FALSE(std::filesystem::exists(options_.pid_file));
}

TEST_F(SupervisorTest, TheAgentStopsFirstAndIsWaitedFor) {
  options_.agent.argv = patient(
      "echo agent asked >> \"$EVENTS\"; sleep 0.3; "
      "echo agent gone >> \"$EVENTS\"");
  options_.prometheus.argv = patient("echo prometheus asked >> \"$EVENTS\"");
  start();
  wait_until_up(2);
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(wait_for_exit(), 0);
  EXPECT_EQ(events(), "agent asked\nagent gone\nprometheus asked\n");
}

TEST_F(SupervisorTest, ASecondSignalEndsEverythingAtOnce) {
  options_.agent.argv = patient("echo agent asked >> \"$EVENTS\"; exec sleep 1000");
  options_.prometheus.argv = patient("exec sleep 1000");
  start();
  wait_until_up(2);
  const pid_t agent = pid_of("agent"), prometheus = pid_of("prometheus");
  ::kill(pid_, SIGTERM);
  wait_for_log("stopping");
  const auto before = steady_clock::now();
  ::kill(pid_, SIGINT);
  EXPECT_EQ(wait_for_exit(), 1);
  EXPECT_LT(steady_clock::now() - before, std::chrono::milliseconds(1'500));
  EXPECT_FALSE(alive(agent));
  EXPECT_FALSE(alive(prometheus));
}

TEST_F(SupervisorTest, ASecondSignalAsksPrometheusToo) {
  options_.agent.argv = patient("exec sleep 1000");
  options_.prometheus.argv = patient("echo prometheus asked >> \"$EVENTS\"");
  start();
  wait_until_up(2);
  ::kill(pid_, SIGTERM);
  wait_for_log("stopping");
  ::kill(pid_, SIGTERM);
  EXPECT_NE(wait_for_exit(), -1);
  EXPECT_EQ(events(), "prometheus asked\n");
}

TEST_F(SupervisorTest, WhatDoesNotStopIsKilledInItsTurn) {
  options_.agent.argv = patient("exec sleep 1000");
  options_.prometheus.argv = patient("echo prometheus asked >> \"$EVENTS\"");
  options_.agent_grace = Duration(200);
  start();
  wait_until_up(2);
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(wait_for_exit(), 1);
  EXPECT_EQ(events(), "prometheus asked\n");
  EXPECT_EQ(count(content(log_path()), "took too long"), 1);
}

TEST_F(SupervisorTest, WhatIsNoStopGoesToTheAgentAlone) {
  options_.agent.argv = shell(
      "for name in HUP USR1 USR2; do trap \"echo $name >> $EVENTS\" $name; done; "
      "echo ready >> \"$READY\"; while :; do sleep 0.02; done");
  start();
  wait_until_up(1);
  const pid_t prometheus = pid_of("prometheus");
  std::string heard;
  for (const auto& [number, name] :
       {std::pair(SIGHUP, "HUP\n"), std::pair(SIGUSR1, "USR1\n"), std::pair(SIGUSR2, "USR2\n")}) {
    ::kill(pid_, number);
    heard += name;
    ASSERT_TRUE(wait_for(name, kPatience, [&] { return events() == heard; }).ok()) << events();
  }
  EXPECT_TRUE(alive(prometheus));
}

TEST_F(SupervisorTest, RestartsWaitLongerEachTime) {
  options_.agent.argv = {"/bin/false"};
  options_.restart.first = std::chrono::milliseconds(100);
  options_.restart.most = std::chrono::milliseconds(400);
  start();
  wait_for_log("process=agent pid=", 5);
  const std::string log = content(log_path());
  const std::size_t first = log.find("restart_in=100ms"), second = log.find("restart_in=200ms"),
                    third = log.find("restart_in=400ms");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  ASSERT_NE(third, std::string::npos);
  EXPECT_NE(log.find("restart_in=400ms", third + 1), std::string::npos);
}

TEST_F(SupervisorTest, AStableTimeMakesTheWaitShortAgain) {
  options_.agent.argv = shell("sleep 0.3; exit 1");
  options_.stable = Duration(200);
  start();
  wait_for_log("process=agent pid=", 4);
  EXPECT_EQ(count(content(log_path()), "restart_in=50ms"), 3);
}

TEST_F(SupervisorTest, AProgramThatIsNotThereIsTriedAgain) {
  options_.prometheus.argv = {dir_.file("none")};
  start();
  wait_for_log("process=agent pid=");
  wait_for_log("No such file or directory", 2);
  EXPECT_TRUE(alive(pid_of("agent")));
}

TEST_F(SupervisorTest, AnAgentThatRefusesItsSettingsEndsItWithTwo) {
  options_.agent.argv = shell("exit 2");
  start();
  EXPECT_EQ(wait_for_exit(), 2);
  EXPECT_EQ(children_of(::getpid()).size(), 0u);
}

TEST_F(SupervisorTest, AnAgentThatEndsInGoodOrderEndsIt) {
  options_.agent.argv =
      shell("trap 'kill $!; exit 0' TERM; echo ready > \"$READY\"; sleep 1000 & wait");
  start();
  wait_until_up(1);
  ::kill(pid_of("agent"), SIGTERM);
  EXPECT_EQ(wait_for_exit(), 0);
  EXPECT_EQ(children_of(::getpid()).size(), 0u);
}

TEST_F(SupervisorTest, LaterTheSameIsADeathLikeOthers) {
  // The first agent is killed, the ones after it find their settings spoilt: scraping goes on.
  options_.agent.argv = shell(
      "test -e \"$READY\" && exit 2; echo ready > \"$READY\"; "
      "exec sleep 1000");
  start();
  wait_until_up(1);
  const pid_t prometheus = pid_of("prometheus");
  ::kill(pid_of("agent"), SIGKILL);
  wait_for_log("exit code 2", 2);
  EXPECT_TRUE(alive(prometheus));
}

// What a terminal sends to the group of a supervisor (Ctrl-C) reaches nobody else: it knows the
// order.
TEST_F(SupervisorTest, EachChildHasAGroupOfItsOwn) {
  start();
  wait_until_up();
  for (const pid_t child : {pid_of("agent"), pid_of("prometheus")}) {
    EXPECT_EQ(stat_field(child, 5), std::to_string(child));
  }
}

TEST_F(SupervisorTest, OrphansAreItsOwn) {
  options_.agent.argv = shell("(sleep 1000 & echo $! > \"$EVENTS\"); exec sleep 1000");
  start();
  const auto adopted = wait_for("the orphan to be adopted", kPatience, [&] {
    const pid_t orphan = std::atoi(events().c_str());
    return orphan > 0 && stat_field(orphan, 4) == std::to_string(pid_);
  });
  EXPECT_TRUE(adopted.ok());
}

TEST_F(SupervisorTest, OrphansAreReaped) {
  options_.agent.argv = shell(
      "i=0; while [ $i -lt 1000 ]; do (sleep 0.01 &); i=$((i + 1)); done; "
      "echo ready >> \"$READY\"; exec sleep 1000");
  start();
  wait_until_up(1);
  const auto clean =
      wait_for("only the two children", kPatience, [&] { return children_of(pid_).size() == 2; });
  EXPECT_TRUE(clean.ok()) << children_of(pid_).size();
}

TEST_F(SupervisorTest, ChildrenDoNotOutliveIt) {
  start();
  wait_until_up();
  const pid_t agent = pid_of("agent"), prometheus = pid_of("prometheus");
  ::kill(pid_, SIGKILL);
  EXPECT_EQ(wait_for_exit(), 128 + SIGKILL);
  const auto gone = wait_for("the children to end", kPatience,
                             [&] { return !alive(agent) && !alive(prometheus); });
  EXPECT_TRUE(gone.ok());
}

TEST_F(SupervisorTest, FeedsTheWatchdogForAnAgentThatDiesAgainAndAgain) {
  const NotifyReader manager(dir_.file("manager"));
  ASSERT_TRUE(manager.bound());
  options_.manager = NotifySocket(dir_.file("manager"));
  options_.watchdog = Duration(400);
  options_.agent.argv = shell("exit 1");
  start();
  for (int turn = 0; turn < 10; ++turn) ASSERT_EQ(manager.next(kPatience), "WATCHDOG=1");
}

TEST_F(SupervisorTest, LeavesTheWatchdogToAnAgentThatRuns) {
  const NotifyReader manager(dir_.file("manager"));
  ASSERT_TRUE(manager.bound());
  options_.manager = NotifySocket(dir_.file("manager"));
  options_.watchdog = Duration(400);
  start();
  ASSERT_EQ(manager.next(kPatience), "WATCHDOG=1");  // the agent was just started
  for (int fed = 1; manager.next(2 * *options_.watchdog) != "nothing"; ++fed) ASSERT_LT(fed, 6);
  EXPECT_TRUE(alive(pid_));
}

}  // namespace
}  // namespace promster
