#include "core/target_limits.h"

#include <gtest/gtest.h>

namespace promster {
namespace {

bool denied(const std::string& host_port, const TargetLimits& limits = {}) {
  return denied_target(host_port, limits).has_value();
}

TEST(TargetLimitsTest, WhatIsNeverATarget) {
  for (const char* target :
       {"169.254.169.254:80", "[::ffff:169.254.169.254]:80", "[::ffff:a9fe:a9fe]:80",
        "2852039166:80", "0xa9fea9fe:80", "0251.0376.0251.0376:80", "169.254.43518:80",
        "169.254.169.254.:80", "[fe80::1]:9100", "[fe80::1%eth0]:9100", "0.0.0.0:80", "0:80",
        "0.1.2.3:80", "[::]:80", "224.0.0.1:80", "239.1.2.3:80", "[ff02::1]:80",
        "255.255.255.255:80", "4294967295:80"}) {
    EXPECT_TRUE(denied(target)) << target;
  }
}

TEST(TargetLimitsTest, WhatMayBeOne) {
  for (const char* target :
       {"127.0.0.1:9100", "[::1]:9100", "10.0.0.1:80", "192.168.0.1:80", "8.8.8.8:80",
        "[2001:db8::1]:80", "[fd00::1]:80", "web:80", "localhost:80", "169.254.example:80",
        "254.0.0.1:80", "255.255.255.254:80"}) {
    EXPECT_FALSE(denied(target)) << target;
  }
}

TEST(TargetLimitsTest, AListOfOnesOwnReplacesTheDefault) {
  const TargetLimits limits = target_limits({.deny_cidr = {"127.0.0.0/8", "::1"}});
  for (const char* target : {"127.0.0.1:80", "0x7f.1:80", "2130706433:80", "[::1]:80"}) {
    EXPECT_TRUE(denied(target, limits)) << target;
  }
  EXPECT_FALSE(denied("169.254.169.254:80", limits));
}

TEST(TargetLimitsTest, OnlyWhatIsAllowedAndNoNames) {
  const TargetLimits limits = target_limits({.allow_cidr = {"10.0.0.0/8", "fe80::/10"}});
  EXPECT_FALSE(denied("10.1.2.3:80", limits));
  EXPECT_FALSE(denied("[::ffff:10.1.2.3]:80", limits));
  EXPECT_TRUE(denied("11.1.2.3:80", limits));
  EXPECT_TRUE(denied("[::1]:80", limits));
  EXPECT_TRUE(denied("web:80", limits));
  EXPECT_TRUE(denied("[fe80::1]:80", limits)) << "a denied range beats an allowed one";
}

TEST(TargetLimitsTest, TheReasonNamesTheSettingThatMendsIt) {
  const TargetLimits limits = target_limits({.allow_cidr = {"10.0.0.0/8"}});
  EXPECT_EQ(*denied_target("169.254.169.254:80", {}),
            "\"169.254.169.254:80\" is in a range that is never scraped; register another address, "
            "or change --scrape.deny-cidr");
  EXPECT_NE(denied_target("11.0.0.1:80", limits)->find("--scrape.allow-cidr"), std::string::npos);
  EXPECT_NE(denied_target("web:80", limits)->find("is a name"), std::string::npos);
}

TEST(TargetLimitsTest, TheMostFollowsTheSettings) {
  EXPECT_EQ(target_limits({}).most, 2'000'000U);
  EXPECT_EQ(target_limits({.max_targets = 7}).most, 7U);
}

TEST(TargetLimits, ATargetsTimeoutIsNoLongerThanItsOwnInterval) {
  const auto timeout_of = [](const char* interval) {
    Target target;
    if (interval != nullptr) target.labels.set("__scrape_interval__", interval);
    fit_timeout(target, std::chrono::seconds(10));
    const std::string* timeout = target.labels.find("__scrape_timeout__");
    return timeout == nullptr ? "-" : *timeout;
  };
  EXPECT_EQ(timeout_of(nullptr), "-");
  EXPECT_EQ(timeout_of("5s"), "5s");
  EXPECT_EQ(timeout_of("10s"), "-");
  EXPECT_EQ(timeout_of("1m"), "-");
  ScrapeSettings settings;
  settings.timeout = std::chrono::seconds(7);
  EXPECT_EQ(target_limits(settings).timeout, std::chrono::seconds(7));
}

}  // namespace
}  // namespace promster
