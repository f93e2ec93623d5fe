#include "base/notify_socket.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "base/notify_socket_for_test.h"

namespace promster {
namespace {

std::string own_name(const std::string& before) {
  return before + "promster-notify-test-" + std::to_string(::getpid());
}

TEST(NotifySocket, SendsOneDatagramToAPath) {
  const NotifyReader manager(own_name(testing::TempDir()));
  ASSERT_TRUE(manager.bound());
  const auto sent = NotifySocket(own_name(testing::TempDir())).send("READY=1\nSTATUS=serving");
  EXPECT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(manager.next(), "READY=1\nSTATUS=serving");
  EXPECT_EQ(manager.next(), "nothing");
}

TEST(NotifySocket, SendsToAnAbstractName) {
  const NotifyReader manager(own_name("@"));
  ASSERT_TRUE(manager.bound());
  EXPECT_TRUE(NotifySocket(own_name("@")).send("WATCHDOG=1"));
  EXPECT_EQ(manager.next(), "WATCHDOG=1");
}

TEST(NotifySocket, WithoutAManagerNothingHappens) {
  ::unsetenv("NOTIFY_SOCKET");
  const NotifySocket socket = NotifySocket::from_environment();
  EXPECT_FALSE(socket.enabled());
  EXPECT_TRUE(socket.send("READY=1"));
}

TEST(NotifySocket, TakesItsAddressFromTheEnvironment) {
  const NotifyReader manager(own_name("@"));
  ASSERT_TRUE(manager.bound());
  ::setenv("NOTIFY_SOCKET", own_name("@").c_str(), 1);
  EXPECT_TRUE(NotifySocket::from_environment().send("READY=1"));
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_EQ(manager.next(), "READY=1");
}

TEST(NotifySocket, SaysWhyItCouldNotTell) {
  const auto gone = NotifySocket("/nowhere/notify").send("READY=1");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message,
            "tell the service manager at /nowhere/notify: send: No such file or directory");
  EXPECT_FALSE(NotifySocket("relative").send("READY=1"));
  EXPECT_FALSE(NotifySocket("/" + std::string(200, 'x')).send("READY=1"));
}

class WatchdogTest : public testing::Test {
 protected:
  ~WatchdogTest() override {
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
  }
  static std::optional<Duration> with(const char* usec, const char* pid) {
    ::setenv("WATCHDOG_USEC", usec, 1);
    ::setenv("WATCHDOG_PID", pid, 1);
    return watchdog_from_environment(42);
  }
};

TEST_F(WatchdogTest, IsOursWhereThePidIs) {
  EXPECT_EQ(with("60000000", "42"), Duration(60'000));
  EXPECT_EQ(with("60000000", ""), Duration(60'000));
  EXPECT_EQ(with("60000000", "43"), std::nullopt);
}

TEST_F(WatchdogTest, IsOffWhereItIsNoNumber) {
  EXPECT_EQ(watchdog_from_environment(42), std::nullopt);
  EXPECT_EQ(with("0", "42"), std::nullopt);
  EXPECT_EQ(with("60s", "42"), std::nullopt);
}

}  // namespace
}  // namespace promster
