#include "base/published.h"

#include <gtest/gtest.h>

#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace promster {
namespace {

TEST(PublishedTest, IsNeverNull) {
  const Published<std::string> empty;
  ASSERT_NE(empty.get(), nullptr);
  EXPECT_EQ(*empty.get(), "");
  const Published<std::string> first(std::string("first"));
  EXPECT_EQ(*first.get(), "first");
}

TEST(PublishedTest, AReaderKeepsWhatItGot) {
  Published<std::string> published(std::string("old"));
  const auto held = published.get();
  published.set("new");
  EXPECT_EQ(*held, "old");
  EXPECT_EQ(*published.get(), "new");
}

// Each value is a pair of equal numbers that grow; a reader must never see half of one, nor an
// older one after a newer one.
TEST(PublishedTest, ReadersSeeWholeValuesInOrder) {
  constexpr int kLast = 20'000;
  Published<std::vector<int>> published(std::vector{0, 0});
  std::latch ready(3);
  std::vector<int> wrong(2);
  std::vector<std::jthread> readers;
  for (int& count : wrong) {
    readers.emplace_back([&published, &ready, &count] {
      ready.arrive_and_wait();
      for (int last = 0; last < kLast;) {
        const auto value = published.get();
        if (value->at(0) != value->at(1) || value->at(0) < last) ++count;
        last = value->at(0);
      }
    });
  }
  ready.arrive_and_wait();
  for (int i = 1; i <= kLast; ++i) published.set({i, i});
  readers.clear();
  EXPECT_EQ(wrong, (std::vector{0, 0}));
}

}  // namespace
}  // namespace promster
