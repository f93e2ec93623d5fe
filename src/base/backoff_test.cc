#include "base/backoff.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <vector>

namespace promster {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

std::vector<Milliseconds> take(Backoff& backoff, int count) {
  std::vector<Milliseconds> out;
  for (int i = 0; i < count; ++i) out.push_back(backoff.next());
  return out;
}

TEST(BackoffTest, GrowsToItsMostAndStaysThere) {
  Backoff backoff({.first = 100ms, .most = 1000ms, .factor = 2, .jitter = false});
  EXPECT_EQ(take(backoff, 6),
            (std::vector<Milliseconds>{100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}));
  backoff.reset();
  EXPECT_EQ(take(backoff, 2), (std::vector<Milliseconds>{100ms, 200ms}));
}

TEST(BackoffTest, EqualSeedsGiveEqualWaits) {
  Backoff one({}, 7), same({}, 7), other({}, 8);
  const auto waits = take(one, 20);
  EXPECT_EQ(waits, take(same, 20));
  EXPECT_NE(waits, take(other, 20));
}

TEST(BackoffTest, JitterSpreadsEvenlyOverTheWholeWait) {
  Backoff backoff({.first = 1000ms, .most = 1000ms, .factor = 1}, 1);
  std::vector<int> quarters(4);
  std::set<Milliseconds> distinct;
  for (const Milliseconds wait : take(backoff, 4000)) {
    ++quarters[static_cast<std::size_t>(std::min<std::int64_t>(3, wait.count() / 250))];
    distinct.insert(wait);
  }
  for (const int count : quarters) EXPECT_NEAR(count, 1000, 120);
  EXPECT_GT(distinct.size(), 900U);
}

RC_GTEST_PROP(BackoffTest, WaitsStayWithinTheirBound, ()) {
  const Backoff::Options options{.first = Milliseconds(*rc::gen::inRange(1, 500)),
                                 .most = Milliseconds(*rc::gen::inRange(500, 5000)),
                                 .factor = *rc::gen::element(1.0, 1.6, 2.0, 10.0),
                                 .jitter = true};
  Backoff::Options plain_options = options;
  plain_options.jitter = false;
  Backoff backoff(options, *rc::gen::arbitrary<std::uint64_t>());
  Backoff plain(plain_options);
  for (int i = 0; i < 30; ++i) {
    const auto wait = backoff.next(), bound = plain.next();
    RC_ASSERT(wait >= 1ms);
    RC_ASSERT(wait <= bound);
    RC_ASSERT(bound <= options.most);
  }
}

}  // namespace
}  // namespace promster
