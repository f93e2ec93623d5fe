// The registrar over FakeEtcd: what it does when etcd fails.

#include "etcd/registrar.h"

#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "etcd/event_reader_for_test.h"
#include "etcd/fake_etcd.h"
#include "etcd/meddling_etcd_for_test.h"

namespace promster {
namespace {

using Code = EtcdError::Code;

constexpr const char* kKey = "/registry/level1/10.0.0.1:9090";
constexpr Duration kGranted = FakeStore::kLeastTtl;

class RegistrarTest : public testing::Test {
 protected:
  ~RegistrarTest() override { thread_.reset(); }

  void start() {
    thread_.emplace([this](std::stop_token stop) {
      MeddlingEtcd etcd(fake_.connect(), meddle_);
      keep_registered(etcd, options_, wishes_, inbox_, std::move(stop));
    });
  }

  void wish(const std::string& value) { wishes_.push({.registered = true, .value = value}); }
  void start_registered() {
    start();
    wish("v1");
    ASSERT_TRUE(events_.next<Registered>());
  }

  void store(const FakeEtcd::Job& job) { fake_.on_store(job); }
  int calls(const std::string& operation) {
    int count = 0;
    store([&](FakeStore& s) { count = s.calls(operation); });
    return count;
  }
  std::optional<std::string> value() {
    std::optional<std::string> found;
    store([&](FakeStore& s) {
      const auto read = s.range({.prefix = kKey, .start_key = {}});
      if (!read->entries.empty()) found = read->entries[0].value;
    });
    return found;
  }
  // A new lease, not a keep-alive.
  std::optional<Registered> next_new() {
    return events_.next<Registered>(Duration(5000), [](const Registered& r) { return !r.renewed; });
  }

  FakeEtcd fake_;
  RegistrarOptions options_{.key = kKey, .ttl = Duration(1000)};
  Inbox<RegistrationWish> wishes_;
  MeddlingEtcd::Meddle meddle_ = [](const std::string&) {};
  Inbox<Event> inbox_;
  EventReader events_{inbox_};
  std::optional<std::jthread> thread_;
};

TEST_F(RegistrarTest, DoesNothingUntilItIsWished) {
  start();
  EXPECT_EQ(events_.count<Registered>(Duration(50)), 0);
  EXPECT_EQ(calls("grant"), 0);
}

TEST_F(RegistrarTest, PutsTheKeyUnderTheLeaseThatWasGranted) {
  const SteadyTime before = std::chrono::steady_clock::now();
  start();
  wish("v1");
  const auto registered = events_.next<Registered>();
  ASSERT_TRUE(registered);
  EXPECT_FALSE(registered->renewed);
  EXPECT_EQ(registered->ttl, kGranted) << "not what was asked for";
  EXPECT_GE(registered->confirmed, before);
  EXPECT_LE(registered->confirmed, std::chrono::steady_clock::now());
  EXPECT_EQ(value(), "v1");
  store([](FakeStore& s) { s.advance(kGranted); });
  EXPECT_EQ(value(), std::nullopt) << "the key is not under the lease";
}

TEST_F(RegistrarTest, KeepsTheLeaseAlive) {
  start_registered();
  const SteadyTime start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2; ++i) {
    const auto renewed = events_.next<Registered>();
    ASSERT_TRUE(renewed);
    EXPECT_TRUE(renewed->renewed);
    store([](FakeStore& s) { s.advance(kGranted - Duration(1)); });
  }
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, Duration(700)) << "not more often than each 0.5 s";
  EXPECT_LE(took, Duration(2000));
  EXPECT_EQ(value(), "v1");
}

TEST_F(RegistrarTest, ANewValueGoesUnderTheSameLease) {
  start_registered();
  wish("v2");
  wish("v3");
  while (value() != "v3") ASSERT_TRUE(events_.next<Registered>()) << "neither v3 nor a keep-alive";
  EXPECT_EQ(calls("grant"), 1);
  store([](FakeStore& s) { s.advance(kGranted); });
  EXPECT_EQ(value(), std::nullopt);
}

TEST_F(RegistrarTest, TheSameWishAgainChangesNothing) {
  start_registered();
  for (int i = 0; i < 5; ++i) wish("v1");
  ASSERT_TRUE(events_.next<Registered>()) << "the next keep-alive";
  EXPECT_EQ(calls("put"), 1);
}

TEST_F(RegistrarTest, ALeaseThatIsGoneIsReplacedAtOnce) {
  start_registered();
  const SteadyTime start = std::chrono::steady_clock::now();
  store([](FakeStore& s) { s.advance(kGranted); });
  ASSERT_EQ(value(), std::nullopt);
  EXPECT_FALSE(events_.next<RegistrationLost>()->withdrawn);
  ASSERT_TRUE(next_new());
  EXPECT_LT(std::chrono::steady_clock::now() - start, Duration(1500))
      << "with the next keep-alive, not when the lease ends by our clock";
  EXPECT_EQ(value(), "v1");
}

TEST_F(RegistrarTest, AKeyThatWasDeletedIsPutAgain) {
  start_registered();
  store([](FakeStore& s) { s.erase(kKey); });
  wishes_.push({.registered = true, .value = "v1", .again = true});
  ASSERT_TRUE(next_new());
  EXPECT_EQ(value(), "v1");
  EXPECT_EQ(calls("grant"), 2);
}

// Both wishes are there when the registrar next looks.
TEST_F(RegistrarTest, AgainIsNotForgottenWhenAnotherWishFollows) {
  meddle_ = [this, first = true](const std::string& operation) mutable {
    if (operation != "keep_alive" || !std::exchange(first, false)) return;
    store([](FakeStore& s) { s.erase(kKey); });
    wishes_.push({.registered = true, .value = "v1", .again = true});
    wish("v1");
  };
  start_registered();
  ASSERT_TRUE(next_new());
  EXPECT_EQ(value(), "v1");
}

TEST_F(RegistrarTest, AWithdrawnKeyIsGoneAtOnceAndMayComeBack) {
  start_registered();
  wishes_.push({});
  const auto lost = events_.next<RegistrationLost>();
  ASSERT_TRUE(lost);
  EXPECT_TRUE(lost->withdrawn);
  EXPECT_EQ(value(), std::nullopt);
  wish("v2");
  ASSERT_TRUE(next_new());
  EXPECT_EQ(value(), "v2");
}

TEST_F(RegistrarTest, LastWordsComeBeforeTheKeyGoes) {
  std::optional<std::string> last;
  meddle_ = [&](const std::string& operation) {
    if (operation == "put") last = value();
  };
  start_registered();
  wishes_.push({.registered = false, .value = "leaving"});
  EXPECT_TRUE(events_.next<RegistrationLost>()->withdrawn);
  EXPECT_EQ(last, "leaving");
  EXPECT_EQ(value(), std::nullopt) << "they are under the same lease";
  EXPECT_EQ(calls("grant"), 1);
}

TEST_F(RegistrarTest, LastWordsThatCannotBeSaidKeepNobody) {
  start_registered();
  store([](FakeStore& s) { s.fail_next("put", 1, {Code::kUnavailable, "gone"}); });
  wishes_.push({.registered = false, .value = "leaving"});
  EXPECT_EQ(events_.next<RegistrationLost>()->reason, "withdrawn");
  EXPECT_EQ(value(), std::nullopt);
}

// Nobody waits for it: the second signal, or the end of the time for the first.
TEST_F(RegistrarTest, AStopRevokes) {
  start_registered();
  thread_.reset();
  EXPECT_EQ(value(), std::nullopt);
  EXPECT_TRUE(events_.next<RegistrationLost>()->withdrawn);
  EXPECT_EQ(calls("revoke"), 1);
  EXPECT_EQ(calls("put"), 1);
}

TEST_F(RegistrarTest, AStopThatCannotRevokeSaysSo) {
  start_registered();
  store([](FakeStore& s) { s.fail_next("revoke", 1, {Code::kUnavailable, "gone"}); });
  thread_.reset();
  const auto lost = events_.next<RegistrationLost>();
  EXPECT_TRUE(lost->withdrawn);
  EXPECT_EQ(lost->reason, "withdrawn, and left to run out: gone");
}

TEST_F(RegistrarTest, AnOutageAtTheStartIsToldOnceAndOutlasted) {
  store([](FakeStore& s) { s.fail_next("grant", 5, {Code::kUnavailable, "connection refused"}); });
  start();
  wish("v1");
  const auto lost = events_.next<RegistrationLost>();
  EXPECT_EQ(lost->reason, "connection refused");
  EXPECT_FALSE(lost->withdrawn);
  ASSERT_TRUE(events_.next<Registered>());
  EXPECT_EQ(calls("grant"), 6);
}

// An outage shorter than the lease is none: nothing is lost, and the lease is the same.
TEST_F(RegistrarTest, AShortOutageCostsNothing) {
  start_registered();
  store([](FakeStore& s) { s.fail_next("keep_alive", 3, {Code::kDeadline, "no answer"}); });
  const auto renewed = events_.next<Registered>();
  ASSERT_TRUE(renewed);
  EXPECT_TRUE(renewed->renewed);
  EXPECT_EQ(calls("keep_alive"), 4);
  EXPECT_EQ(calls("grant"), 1);
}

// Nothing was heard for the length of the lease: whatever etcd thinks, it counts as lost.
TEST_F(RegistrarTest, SilenceForTheWholeLeaseIsALoss) {
  start_registered();
  const SteadyTime start = std::chrono::steady_clock::now();
  store([](FakeStore& s) {
    s.fail_next("keep_alive", 1'000'000, {Code::kDeadline, "no answer"});
    s.fail_next("grant", 1'000'000, {Code::kDeadline, "no answer"});
  });
  const auto lost = events_.next<RegistrationLost>();
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->reason, "no keep-alive was answered for 2s");
  EXPECT_NEAR(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 2.0,
              0.7);
  store([](FakeStore& s) { s.fail_next("grant", 0, {}); });
  ASSERT_TRUE(next_new());
}

// A put that is refused is tried again much later; the lease must not wait for it.
TEST_F(RegistrarTest, ARefusedPutDoesNotCostTheLease) {
  start_registered();
  store([](FakeStore& s) { s.fail_next("put", 2, {Code::kPermissionDenied, "denied"}); });
  wish("v2");
  ASSERT_TRUE(events_.next<Registered>(kGranted)->renewed);
  while (value() != "v2") ASSERT_TRUE(events_.next<Registered>(kGranted)->renewed);
  EXPECT_EQ(calls("grant"), 1);
}

TEST_F(RegistrarTest, AClosedInboxEndsIt) {
  start_registered();
  wishes_.close();
  EXPECT_TRUE(events_.next<RegistrationLost>()->withdrawn);
}

}  // namespace
}  // namespace promster
