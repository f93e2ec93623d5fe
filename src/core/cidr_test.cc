#include "core/cidr.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace promster {
namespace {

bool in(std::string_view range, std::string_view host) {
  const auto address = read_ip(host);
  return address && parse_cidr(range)->contains(*address);
}

TEST(CidrTest, HoldsTheAddressesWithItsLeadingBits) {
  EXPECT_TRUE(in("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(in("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(in("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(in("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(in("fe80::/10", "febf::1"));
  EXPECT_FALSE(in("fe80::/10", "fec0::1"));
  EXPECT_TRUE(in("0.0.0.0/0", "255.1.2.3"));
  EXPECT_TRUE(in("10.1.2.3/8", "10.9.9.9")) << "bits behind the length say nothing";
}

TEST(CidrTest, AnAddressAloneIsARangeOfOne) {
  EXPECT_EQ(parse_cidr("10.0.0.1")->bits, 32);
  EXPECT_EQ(parse_cidr("::1")->bits, 128);
  EXPECT_TRUE(in("10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(in("10.0.0.1", "10.0.0.2"));
  EXPECT_FALSE(in("::1", "::2"));
}

TEST(CidrTest, TheFamiliesAreApartAndMappedAddressesAreIpv4) {
  EXPECT_FALSE(in("::/0", "10.0.0.1"));
  EXPECT_FALSE(in("0.0.0.0/0", "::1"));
  EXPECT_TRUE(in("10.0.0.0/8", "::ffff:10.0.0.1"));
  EXPECT_TRUE(in("10.0.0.0/8", "[::FFFF:0a00:0001]"));
  EXPECT_FALSE(in("::/0", "::ffff:10.0.0.1"));
  EXPECT_EQ(*parse_cidr("::ffff:10.0.0.0/104"), *parse_cidr("10.0.0.0/8"));
}

TEST(CidrTest, ReadsWhateverAResolverTakesForAnAddress) {
  const IpAddress loopback = *read_ip("127.0.0.1");
  for (const char* text : {"127.1", "127.0.1", "0x7f.1", "0X7F.0.0.1", "0177.0.0.1", "2130706433",
                           "0x7f000001", "017700000001", "127.0.0.1.", "::ffff:127.0.0.1",
                           "[::ffff:7f00:1]", "[::ffff:127.0.0.1%eth0]"}) {
    EXPECT_EQ(read_ip(text), loopback) << text;
  }
  EXPECT_EQ(read_ip("fe80::1%eth0"), read_ip("[fe80::1]"));
  EXPECT_NE(read_ip("fe80::1"), std::nullopt);
}

TEST(CidrTest, ANameIsNoAddress) {
  for (const char* text : {"", ".", "localhost", "a.b", "127.0.0.1.example", "256.1.1.1",
                           "1.2.3.4.5", "127.0.0.1 x", "[]", "4294967296", "10.0.0.1/8"}) {
    EXPECT_EQ(read_ip(text), std::nullopt) << text;
  }
}

TEST(CidrTest, WhatIsNoRangeIsSaid) {
  for (const char* text : {"", "x", "x/8", "10.0.0/8", "0x7f.1/8", "10.0.0.0/", "10.0.0.0/33",
                           "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "[::]/0", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(parse_cidr(text).ok()) << text;
  }
  EXPECT_EQ(parse_cidr("x").error().message, "\"x\" is no address range; try: 10.0.0.0/8");
  EXPECT_EQ(parse_cidrs({"10.0.0.0/8", "::/200"}).error().message,
            "\"::/200\" is an address range without a usable length; try: ::/128");
  EXPECT_EQ(parse_cidrs({"10.0.0.0/8", "::1"})->size(), 2U);
}

RC_GTEST_PROP(CidrTest, ARangeHoldsExactlyWhatSharesItsBits, ()) {
  const auto any_bytes =
      rc::gen::container<std::vector<std::uint8_t>>(16, rc::gen::arbitrary<std::uint8_t>());
  IpAddress first{.ipv6 = true};
  std::ranges::copy(*any_bytes, first.bytes.begin());
  IpAddress other = first;
  const int flipped = *rc::gen::inRange(0, 128), bits = *rc::gen::inRange(0, 129);
  other.bytes[static_cast<std::size_t>(flipped / 8)] ^=
      static_cast<std::uint8_t>(0x80 >> flipped % 8);
  const Cidr range{.first = first, .bits = bits};
  RC_ASSERT(range.contains(first));
  RC_ASSERT(range.contains(other) == (flipped >= bits));
}

}  // namespace
}  // namespace promster
