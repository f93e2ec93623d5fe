#include "core/address.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace promster {
namespace {

TEST(AddressTest, ReadsNamesAndAddresses) {
  for (const std::string host :
       {"10.0.0.1", "localhost", "node-1.rack_2.example.com", "example.com.", "a", "0x7f.1",
        "2130706433", "999.1.1.1", "_srv"}) {
    const auto address = parse_address(host + ":9090");
    ASSERT_TRUE(address.ok()) << address.error().message;
    EXPECT_EQ(address->host, host);
    EXPECT_EQ(address->port, 9090);
    EXPECT_FALSE(address->ipv6);
  }
}

TEST(AddressTest, ReadsIpv6InBrackets) {
  for (const std::string host : {"::1", "2001:db8::7", "::ffff:10.0.0.1"}) {
    const auto address = parse_address("[" + host + "]:80");
    ASSERT_TRUE(address.ok()) << address.error().message;
    EXPECT_EQ(address->host, host);
    EXPECT_EQ(address->port, 80);
    EXPECT_TRUE(address->ipv6);
  }
}

struct Slip {
  const char* text;
  const char* reason;  // part of it
};

class AddressSlipTest : public testing::TestWithParam<Slip> {};

TEST_P(AddressSlipTest, NamesTheMend) {
  const auto address = parse_address(GetParam().text);
  ASSERT_FALSE(address.ok());
  EXPECT_NE(address.error().message.find(GetParam().reason), std::string::npos)
      << address.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    All, AddressSlipTest,
    testing::Values(
        Slip{"", "is no address; register host:port"},
        Slip{"http://10.0.0.9:80/metrics",
             "\"http://10.0.0.9:80/metrics\" has a scheme; register host:port"},
        Slip{"10.0.0.9", "has no port"}, Slip{"[::1]", "has no port"}, Slip{"[::1", "has no port"},
        Slip{":80", "has no host"}, Slip{"a:", "port from 1 to 65535"},
        Slip{"a:0", "port from 1 to 65535"}, Slip{"a:65536", "port from 1 to 65535"},
        Slip{"a:65537", "port from 1 to 65535"}, Slip{"a:99999", "port from 1 to 65535"},
        Slip{"a:99999999999999999999", "port from 1 to 65535"},
        Slip{"a:080", "port from 1 to 65535"}, Slip{"a:+80", "port from 1 to 65535"},
        Slip{"a:8o", "port from 1 to 65535"}, Slip{"a:80 ", "port from 1 to 65535"},
        Slip{"::1:80", "IPv6 as [address]:port"}, Slip{"2001:db8::7", "IPv6 as [address]:port"},
        Slip{"user:pw@h:1", "has a user name"}, Slip{"h:1/metrics", "as metrics_path"},
        Slip{"h:1?x=1", "as params"}, Slip{"h:1#x", "as params"},
        Slip{"[10.0.0.1]:80", "no IPv6 address in its brackets"},
        Slip{"[fe80::1%eth0]:80", "no IPv6 address in its brackets"},
        Slip{"[]:80", "no IPv6 address in its brackets"}, Slip{"a b:80", "no usable host"},
        Slip{"a\n:80", "\"a\\x0a:80\" has no usable host"}, Slip{"b\xff:80", "no usable host"},
        Slip{"b\xc3\xa9:80", "no usable host"}, Slip{"a..b:80", "no usable host"},
        Slip{"..:80", "no usable host"}, Slip{".:80", "no usable host"},
        Slip{"-a:80", "no usable host"}, Slip{"a-:80", "no usable host"},
        Slip{"*:80", "no usable host"}, Slip{"{{x}}:80", "no usable host"}));

TEST(AddressTest, NulEndsNothing) {
  EXPECT_FALSE(parse_address(std::string_view("a\0b:80", 6)).ok());
  EXPECT_FALSE(parse_address(std::string_view("[::1\0]:80", 9)).ok());
}

TEST(AddressTest, LimitsAreExact) {
  const std::string label63(63, 'a'), label64(64, 'a');
  EXPECT_TRUE(parse_address(label63 + ":1").ok());
  EXPECT_FALSE(parse_address(label64 + ":1").ok());
  const std::string name253 = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'a');
  ASSERT_EQ(name253.size(), 253U);
  EXPECT_TRUE(parse_address(name253 + ":65535").ok());
  EXPECT_FALSE(parse_address(name253 + "a:65535").ok());
  EXPECT_NE(parse_address(std::string(261, 'a')).error().message.find("260 bytes"),
            std::string::npos);
}

TEST(AddressTest, WhoListensEverywhereIsReachedByLoopback) {
  for (const char* every : {":9096", "0.0.0.0:9096"}) {
    EXPECT_EQ(local_address(every), "127.0.0.1:9096");
  }
  EXPECT_EQ(local_address("[::]:9096"), "[::1]:9096");
  for (const char* one : {"127.0.0.1:9096", "[::1]:9096", "10.0.0.1:9096", "node:9096"}) {
    EXPECT_EQ(local_address(one), one);
  }
}

RC_GTEST_PROP(AddressTest, AnyTextIsReadOrRefusedWithOneLine, ()) {
  const auto text = *rc::gen::string<std::string>();
  const auto address = parse_address(text);
  if (!address) {
    RC_ASSERT(address.error().message.find('\n') == std::string::npos);
    return;
  }
  const std::string host = address->ipv6 ? "[" + address->host + "]" : address->host;
  RC_ASSERT(host + ":" + std::to_string(address->port) == text);
}

// Texts of the characters that matter reach deeper than arbitrary ones.
RC_GTEST_PROP(AddressTest, WhatIsReadIsAllOfTheText, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab:.-_[]019")));
  const auto address = parse_address(text);
  if (!address) return;
  const std::string host = address->ipv6 ? "[" + address->host + "]" : address->host;
  RC_ASSERT(host + ":" + std::to_string(address->port) == text);
}

}  // namespace
}  // namespace promster
