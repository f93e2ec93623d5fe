#include "cli/patience.h"

#include <gtest/gtest.h>

#include <ostream>
#include <streambuf>

namespace promster {
namespace {

// Hands on each text that was flushed, to another thread.
class Flushed : public std::streambuf {
 public:
  Inbox<std::string> texts;

 protected:
  int overflow(int c) override {
    text_ += static_cast<char>(c);
    return c;
  }
  int sync() override {
    texts.push(std::exchange(text_, {}));
    return 0;
  }

 private:
  std::string text_;
};

TEST(Patience, SaysWhatIsWaitedFor) {
  Flushed flushed;
  std::ostream err(&flushed);
  const Patience patience(err, "etcd at http://a:1", Duration(10'000));
  const auto texts =
      flushed.texts.wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(30));
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0], "promster: waiting for etcd at http://a:1, up to 10 s\n");
}

TEST(Patience, SaysNothingWhereTheWaitWasShort) {
  Flushed flushed;
  std::ostream err(&flushed);
  { const Patience patience(err, "etcd"); }
  EXPECT_TRUE(flushed.texts.wait_until(std::chrono::steady_clock::now()).empty());
}

TEST(Patience, NamesEachEtcdOnce) {
  Settings settings;
  settings.scrape.etcd.endpoints = {"http://a:1", "http://b:1"};
  settings.registry.etcd.endpoints = {"http://b:1", "http://c:1"};
  EXPECT_EQ(etcds_of(settings), "etcd at http://a:1, http://b:1, http://c:1");
}

}  // namespace
}  // namespace promster
