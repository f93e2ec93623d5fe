#include "cluster/free_port.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <vector>

namespace promster {
namespace {

int listen_on(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, 1) != 0) {
    ::close(fd);
    return -1;
  }
  return fd;
}

TEST(FreePort, LiesBelowTheEphemeralRange) {
  const auto lease = reserve_port();
  ASSERT_TRUE(lease) << lease.error().message;
  EXPECT_GE(lease->port(), 20'000);
  EXPECT_LT(lease->port(), 32'000);
  EXPECT_EQ(lease->address(), "127.0.0.1:" + std::to_string(lease->port()));
}

TEST(FreePort, LeasesOfOneProcessDiffer) {
  std::vector<PortLease> leases;
  std::set<int> ports;
  for (int i = 0; i < 200; ++i) {
    auto lease = reserve_port_in(20'000, 20'999);
    ASSERT_TRUE(lease) << lease.error().message;
    ports.insert(lease->port());
    leases.push_back(std::move(*lease));
  }
  EXPECT_EQ(ports.size(), leases.size());
}

TEST(FreePort, CanBeListenedOnWhileLeased) {
  const auto lease = reserve_port();
  ASSERT_TRUE(lease);
  const int fd = listen_on(lease->port());
  EXPECT_GE(fd, 0);
  ::close(fd);
}

TEST(FreePort, PassesOverAPortThatIsListenedOn) {
  auto lease = reserve_port();
  ASSERT_TRUE(lease);
  const int port = lease->port();
  const int fd = listen_on(port);
  ASSERT_GE(fd, 0);
  { const PortLease gone = std::move(*lease); }
  EXPECT_FALSE(reserve_port_in(port, port));
  ::close(fd);
  EXPECT_TRUE(reserve_port_in(port, port));
}

TEST(FreePort, IsFreeAgainWhenTheLeaseEnds) {
  auto first = reserve_port();
  ASSERT_TRUE(first);
  const int port = first->port();
  const auto taken = reserve_port_in(port, port);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message,
            "no free port from " + std::to_string(port) + " to " + std::to_string(port));
  { const PortLease gone = std::move(*first); }
  EXPECT_TRUE(reserve_port_in(port, port));
}

TEST(FreePort, AnotherProcessDoesNotGetIt) {
  const auto lease = reserve_port();
  ASSERT_TRUE(lease);
  const pid_t child = ::fork();
  if (child == 0) {
    // What the child inherited by fork is the same lock; it only must not get a second one.
    ::_exit(reserve_port_in(lease->port(), lease->port()) ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace promster
