#include "web/listening_socket.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "web/raw_client_for_test.h"

namespace promster {
namespace {

TEST(ListeningSocket, ListensAtAFreePort) {
  const auto socket = ListeningSocket::open("127.0.0.1:0");
  ASSERT_TRUE(socket.ok()) << socket.error().message;
  EXPECT_GT(socket->port(), 0);
  EXPECT_FALSE(socket->is_ipv6());
  EXPECT_TRUE(RawClient(socket->port()).connected());
}

TEST(ListeningSocket, TakesNamesAndBothFamilies) {
  EXPECT_TRUE(ListeningSocket::open("localhost:0").ok());
  const auto six = ListeningSocket::open("[::1]:0");
  ASSERT_TRUE(six.ok()) << six.error().message;
  EXPECT_TRUE(six->is_ipv6());
  EXPECT_FALSE(RawClient(six->port()).connected());
  const auto all = ListeningSocket::open(":0");
  ASSERT_TRUE(all.ok()) << all.error().message;
  EXPECT_TRUE(RawClient(all->port()).connected());
}

TEST(ListeningSocket, SaysWhatIsWrong) {
  for (const std::string address : {"", "9096", "127.0.0.1", "127.0.0.1:", "a:b", "a:-1", "a:65536",
                                    "a:999999", "::1:9096", "[]:1", "http://a:1/", "a:1 "}) {
    const auto socket = ListeningSocket::open(address);
    ASSERT_FALSE(socket.ok()) << address;
    EXPECT_EQ(socket.error().message,
              "listen " + address + ": not an address; try: 127.0.0.1:9096 or :9096");
  }
  EXPECT_EQ(ListeningSocket::open("192.0.2.1:0").error().message,
            "listen 192.0.2.1:0: Cannot assign requested address");
  EXPECT_TRUE(ListeningSocket::open("nowhere.invalid:0")
                  .error()
                  .message.starts_with("listen nowhere.invalid:0: "));
}

TEST(ListeningSocket, AMovedOneListensOnUntilItEnds) {
  auto first = ListeningSocket::open("127.0.0.1:0");
  ASSERT_TRUE(first.ok());
  const std::string address = "127.0.0.1:" + std::to_string(first->port());
  {
    const ListeningSocket moved = std::move(*first);
    EXPECT_EQ(ListeningSocket::open(address).error().message,
              "listen " + address + ": Address already in use");
  }
  EXPECT_TRUE(ListeningSocket::open(address).ok());
}

}  // namespace
}  // namespace promster
