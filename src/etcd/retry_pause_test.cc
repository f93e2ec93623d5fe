#include "etcd/retry_pause.h"

#include <gtest/gtest.h>

#include <thread>

#include <rapidcheck/gtest.h>

namespace promster {
namespace {

using Code = EtcdError::Code;

const EtcdError kGone{Code::kUnavailable, "gone"};
const EtcdError kWrongPassword{Code::kAuth,
                               "etcdserver: authentication failed, invalid user ID or password"};

RC_GTEST_PROP(RetryPause, NeverExceedsAFifthOfTheLeaseNorTwoSeconds, ()) {
  const Duration ttl(*rc::gen::inRange(1000, 60'000));
  RetryPause pause(ttl, *rc::gen::arbitrary<std::uint64_t>());
  for (int i = 0; i < 50; ++i) {
    const Duration wait = pause.after(kGone);
    RC_ASSERT(wait > Duration(0));
    RC_ASSERT(wait <= ttl / 5);
    RC_ASSERT(wait <= Duration(2000));
  }
}

TEST(RetryPause, BeginsAgainAfterASuccess) {
  RetryPause pause(Duration(60'000), 1);
  Duration most{};
  for (int i = 0; i < 50; ++i) most = std::max(most, pause.after(kGone));
  EXPECT_GT(most, Duration(500));
  pause.reset();
  EXPECT_LE(pause.after(kGone), Duration(100));
}

TEST(RetryPause, WhatAPersonHasToMendWaitsLonger) {
  RetryPause pause(Duration(10'000), 1);
  EXPECT_EQ(pause.after({Code::kPermissionDenied, ""}), Duration(10'000));
  EXPECT_EQ(pause.after(kWrongPassword), Duration(5000));
  EXPECT_EQ(pause.after(kWrongPassword), Duration(8000));
  for (int i = 0; i < 10; ++i) pause.after(kWrongPassword);
  EXPECT_EQ(pause.after(kWrongPassword), Duration(60'000));
}

// Nobody has to mend a token: it is renewed with the next call.
TEST(RetryPause, ATokenThatRanOutDoesNot) {
  RetryPause pause(Duration(10'000), 1);
  EXPECT_LE(pause.after({Code::kAuth, "etcdserver: invalid auth token"}), Duration(100));
}

TEST(PauseFor, LastsAndEndsWithAStop) {
  const auto start = std::chrono::steady_clock::now();
  pause_for(Duration(20), {});
  EXPECT_GE(std::chrono::steady_clock::now() - start, Duration(20));
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  pause_for(Duration(60'000), stop.get_token());
  EXPECT_LT(std::chrono::steady_clock::now() - start, Duration(10'000));
}

}  // namespace
}  // namespace promster
