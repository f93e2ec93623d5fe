// What every Etcd promises: the same suite over FakeEtcd and over a real etcd.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <thread>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"
#include "etcd/etcdctl_for_test.h"
#include "etcd/fake_etcd.h"
#include "etcd/retry_pause.h"

namespace promster {
namespace {

using Code = EtcdError::Code;
using Keys = std::vector<std::string>;

// An etcd, and what the suite does to it behind the back of its clients.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual std::unique_ptr<Etcd> connect() = 0;
  virtual void erase(const std::string& key) = 0;
  virtual void compact(std::int64_t revision) = 0;
  // Lets a lease of this length run out, or brings time so far that it soon does.
  virtual void pass(Duration time) = 0;
  // Sees to it that watches are told soon how far they have come.
  virtual void notify_progress() = 0;
};

class Fake final : public Subject {
 public:
  std::unique_ptr<Etcd> connect() override { return etcd_.connect(); }
  void erase(const std::string& key) override {
    etcd_.on_store([&](FakeStore& store) { store.erase(key); });
  }
  void compact(std::int64_t revision) override {
    etcd_.on_store([&](FakeStore& store) { store.compact(revision); });
  }
  void pass(Duration time) override {
    etcd_.on_store([&](FakeStore& store) { store.advance(time); });
  }
  void notify_progress() override {
    etcd_.on_store([](FakeStore& store) { store.notify_progress(); });
  }

 private:
  FakeEtcd etcd_;
};

class Real final : public Subject {
 public:
  Real() : dir_(TempDir::make("contract").value()) {
    auto server = EtcdServer::start(
        {.dir = dir_.path(),
         .extra_args = {"--experimental-watch-progress-notify-interval", "200ms"}});
    if (!server) throw std::runtime_error(server.error().message);
    server_.emplace(std::move(server).value());
  }
  std::unique_ptr<Etcd> connect() override {
    EtcdSettings settings;
    settings.endpoints = {server_->endpoint()};
    return make_etcd_client({.settings = settings, .report = {}, .stop = {}});
  }
  void erase(const std::string& key) override { etcdctl(server_->endpoint(), {"del", key}); }
  void compact(std::int64_t revision) override {
    etcdctl(server_->endpoint(), {"compaction", std::to_string(revision)});
  }
  void pass(Duration) override {}     // it passes by itself
  void notify_progress() override {}  // every 200 ms

 private:
  TempDir dir_;
  std::optional<EtcdServer> server_;
};

enum class Kind { kFake, kReal };

class Contract : public testing::TestWithParam<Kind> {
 protected:
  // One server for the whole suite: tests keep apart by their prefix.
  static void SetUpTestSuite() {
    subjects_[Kind::kFake] = std::make_unique<Fake>();
    subjects_[Kind::kReal] = std::make_unique<Real>();
  }
  static void TearDownTestSuite() { subjects_.clear(); }

  Subject& subject() { return *subjects_.at(GetParam()); }

  // A test that waits for what never comes ends with kCanceled.
  std::stop_token patience() { return patience_.get_token(); }

  std::unique_ptr<EtcdWatch> watch(Etcd& etcd, std::int64_t start_revision) {
    return std::move(etcd.watch({prefix_, start_revision}, patience()).value());
  }

  // The next answer with changes.
  static std::vector<KeyChange> changes(EtcdWatch& watch) {
    for (;;) {
      auto answer = watch.next();
      if (!answer) {
        ADD_FAILURE() << answer.error().message;
        return {};
      }
      if (!answer->changes.empty()) return answer->changes;
    }
  }

  static EtcdError end_of(EtcdWatch& watch) {
    for (;;) {
      auto answer = watch.next();
      if (!answer) return answer.error();
    }
  }

  Keys keys(const RangeResponse& response) const {
    Keys names;
    for (const KeyValue& entry : response.entries) {
      names.push_back(entry.key.substr(prefix_.size()));
    }
    return names;
  }

  std::int64_t put(const std::string& name, const std::string& value, std::int64_t lease = 0) {
    auto revision = etcd_->put(prefix_ + name, value, lease);
    EXPECT_TRUE(revision.ok()) << revision.error().message;
    return revision.ok() ? *revision : 0;
  }

  const std::string prefix_ =
      std::string("/") + testing::UnitTest::GetInstance()->current_test_info()->name() + "/";
  std::unique_ptr<Etcd> etcd_ = subject().connect();

 private:
  static inline std::map<Kind, std::unique_ptr<Subject>> subjects_;
  std::stop_source patience_;
  std::jthread watchdog_{[this](const std::stop_token& done) {
    pause_for(Duration(15'000), done);
    patience_.request_stop();
  }};
};

TEST_P(Contract, AKeyIsReadAsItWasPut) {
  const std::int64_t revision = put("a", "one");
  const auto read = etcd_->range({.prefix = prefix_, .start_key = {}});
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(keys(*read), Keys{"a"});
  EXPECT_EQ(read->entries[0].value, "one");
  EXPECT_EQ(read->entries[0].mod_revision, revision);
  EXPECT_GE(read->revision, revision);
  EXPECT_NE(read->cluster_id, 0u);
  EXPECT_FALSE(read->more);
}

TEST_P(Contract, BytesOfAnyKindSurvive) {
  const std::string odd("\0\x01\xff\xc3(\n", 6);
  put(odd, odd);
  const auto read = etcd_->range({.prefix = prefix_, .start_key = {}});
  ASSERT_EQ(keys(*read), Keys{odd});
  EXPECT_EQ(read->entries[0].value, odd);
}

TEST_P(Contract, APrefixHasEdges) {
  for (const char* name : {"b", "b/", "b/x", "b\xff", "c", "a", "b0"}) put(name, "");
  const auto read = [&](const std::string& prefix) {
    return keys(*etcd_->range({.prefix = prefix_ + prefix, .start_key = {}}));
  };
  EXPECT_EQ(read("b"), (Keys{"b", "b/", "b/x", "b0", "b\xff"}));
  EXPECT_EQ(read("b/"), (Keys{"b/", "b/x"}));
  EXPECT_EQ(read("b\xff"), (Keys{"b\xff"}));
  EXPECT_EQ(read("d"), Keys{});
  EXPECT_GE(etcd_->range({.prefix = "", .start_key = {}})->entries.size(), 7u);
}

TEST_P(Contract, KeysOnlyLeavesTheValuesOut) {
  put("a", "value");
  const auto read = etcd_->range({.prefix = prefix_, .start_key = {}, .keys_only = true});
  ASSERT_EQ(read->entries.size(), 1u);
  EXPECT_EQ(read->entries[0].value, "");
  EXPECT_NE(read->entries[0].mod_revision, 0);
}

TEST_P(Contract, PagesAreReadAtOneRevision) {
  for (const char* name : {"a", "b", "c", "d", "e"}) put(name, "old");
  auto page = etcd_->range({.prefix = prefix_, .start_key = {}, .limit = 2});
  ASSERT_EQ(keys(*page), (Keys{"a", "b"}));
  EXPECT_TRUE(page->more);
  const std::int64_t revision = page->revision;
  put("c", "new");
  put("cc", "new");
  subject().erase(prefix_ + "e");
  const auto next = [&](const std::string& after) {
    return etcd_->range(
        {.prefix = prefix_, .start_key = prefix_ + after + '\0', .limit = 2, .revision = revision});
  };
  page = next("b");
  ASSERT_EQ(keys(*page), (Keys{"c", "d"}));
  EXPECT_EQ(page->entries[0].value, "old");
  EXPECT_TRUE(page->more);
  page = next("d");
  EXPECT_EQ(keys(*page), Keys{"e"});
  EXPECT_FALSE(page->more);
}

TEST_P(Contract, AFutureRevisionCannotBeRead) {
  const auto read =
      etcd_->range({.prefix = prefix_, .start_key = {}, .revision = put("a", "") + 1000});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Code::kFutureRevision);
}

TEST_P(Contract, AWatchTellsOfPutAndDelete) {
  put("a", "before");
  const auto changed = watch(*etcd_, 0);
  const auto created = changed->next();
  ASSERT_TRUE(created.ok());
  EXPECT_TRUE(created->created);
  EXPECT_TRUE(created->changes.empty());
  EXPECT_NE(created->cluster_id, 0u);
  const std::int64_t revision = put("b", "new");
  subject().erase(prefix_ + "a");
  auto told = changes(*changed);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].key, prefix_ + "b");
  EXPECT_EQ(told[0].value, "new");
  EXPECT_EQ(told[0].mod_revision, revision);
  told = changes(*changed);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].key, prefix_ + "a");
  EXPECT_EQ(told[0].value, std::nullopt);
  EXPECT_EQ(told[0].mod_revision, revision + 1);
}

TEST_P(Contract, AWatchSeesItsPrefixOnly) {
  const auto changed = watch(*etcd_, 0);
  ASSERT_TRUE(changed->next().ok());
  ASSERT_TRUE(etcd_->put("/elsewhere", "x", 0).ok());
  put("a", "");
  EXPECT_EQ(changes(*changed)[0].key, prefix_ + "a");
}

// What happens between a listing and a watch from its next revision on is told once, in order.
TEST_P(Contract, NothingIsLostBetweenListingAndWatch) {
  put("a", "");
  const auto listed = etcd_->range({.prefix = prefix_, .start_key = {}});
  constexpr int kPuts = 200;
  for (int i = 0; i < kPuts / 2; ++i) put("k", std::to_string(i));
  const auto changed = watch(*etcd_, listed->revision + 1);
  std::jthread writer([&] {
    const auto other = subject().connect();
    for (int i = kPuts / 2; i < kPuts; ++i) {
      ASSERT_TRUE(other->put(prefix_ + "k", std::to_string(i), 0).ok());
    }
  });
  for (int expected = 0; expected < kPuts;) {
    const auto told = changes(*changed);
    ASSERT_FALSE(told.empty());
    for (const KeyChange& change : told) EXPECT_EQ(change.value, std::to_string(expected++));
  }
}

// The revision of `created` is how a client notices that it asks for what is not there yet.
TEST_P(Contract, AWatchFromTheFutureSaysWhereItStands) {
  const std::int64_t revision = put("a", "");
  const auto changed = watch(*etcd_, revision + 2);
  EXPECT_LE(changed->next()->revision, revision + 1);
  put("b", "");
  put("c", "");
  EXPECT_EQ(changes(*changed)[0].key, prefix_ + "c");
}

// So that a watch over a quiet prefix, once cut, need not go on from where history is compacted.
TEST_P(Contract, AQuietWatchIsToldHowFarItHasCome) {
  const auto quiet = watch(*etcd_, 0);
  ASSERT_TRUE(quiet->next()->created);
  const auto elsewhere = etcd_->put("/elsewhere", "x", 0);
  subject().notify_progress();
  for (;;) {
    const auto progress = quiet->next();
    ASSERT_TRUE(progress.ok()) << progress.error().message;
    EXPECT_FALSE(progress->created);
    EXPECT_TRUE(progress->changes.empty());
    if (progress->revision >= *elsewhere) break;
  }
}

TEST_P(Contract, CompactedHistoryIsGone) {
  const std::int64_t first = put("a", "1");
  put("a", "2");
  const std::int64_t last = put("a", "3");
  subject().compact(last);
  const auto read = etcd_->range({.prefix = prefix_, .start_key = {}, .revision = first});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Code::kCompacted);
  const EtcdError ended = end_of(*watch(*etcd_, first));
  EXPECT_EQ(ended.code, Code::kCompacted);
  EXPECT_EQ(ended.compact_revision, last);
  EXPECT_TRUE(etcd_->range({.prefix = prefix_, .start_key = {}, .revision = last}).ok());
}

TEST_P(Contract, ALeaseIsAtLeastAsLongAsAsked) {
  for (const int seconds : {1, 2, 60}) {
    const auto lease = etcd_->grant(std::chrono::seconds(seconds));
    ASSERT_TRUE(lease.ok()) << lease.error().message;
    EXPECT_NE(lease->id, 0);
    EXPECT_EQ(lease->ttl, std::chrono::seconds(std::max(2, seconds)));
    EXPECT_TRUE(etcd_->revoke(lease->id).ok());
  }
}

TEST_P(Contract, ALeaseThatRunsOutTakesItsKeysAtOneRevision) {
  const auto lease = etcd_->grant(Duration(2000));
  const auto changed = watch(*etcd_, 0);
  put("a", "", lease->id);
  put("b", "", lease->id);
  ASSERT_EQ(changes(*changed)[0].key, prefix_ + "a");
  ASSERT_EQ(changes(*changed)[0].key, prefix_ + "b");
  subject().pass(Duration(2001));
  const auto told = changes(*changed);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].value, std::nullopt);
  EXPECT_EQ(told[1].value, std::nullopt);
  EXPECT_EQ(told[0].mod_revision, told[1].mod_revision);
  EXPECT_TRUE(etcd_->range({.prefix = prefix_, .start_key = {}})->entries.empty());
  const auto renewed = etcd_->keep_alive(lease->id, Duration(2000));
  ASSERT_FALSE(renewed.ok());
  EXPECT_EQ(renewed.error().code, Code::kLeaseNotFound);
}

TEST_P(Contract, AKeyUnderAnotherLeaseOutlivesTheFirst) {
  const auto first = etcd_->grant(Duration(60'000));
  const auto second = etcd_->grant(Duration(60'000));
  put("a", "1", first->id);
  put("a", "2", second->id);
  ASSERT_TRUE(etcd_->revoke(first->id).ok());
  EXPECT_EQ(etcd_->range({.prefix = prefix_, .start_key = {}})->entries.size(), 1u);
}

TEST_P(Contract, KeepAliveGivesTheWholeLeaseAgain) {
  const auto lease = etcd_->grant(Duration(60'000));
  for (int i = 0; i < 3; ++i) {
    const auto left = etcd_->keep_alive(lease->id, Duration(2000));
    ASSERT_TRUE(left.ok()) << left.error().message;
    EXPECT_EQ(*left, lease->ttl);
  }
}

TEST_P(Contract, ALeaseThatIsNotThere) {
  constexpr std::int64_t kNone = 4711;
  EXPECT_EQ(etcd_->keep_alive(kNone, Duration(2000)).error().code, Code::kLeaseNotFound);
  EXPECT_EQ(etcd_->put(prefix_ + "a", "", kNone).error().code, Code::kLeaseNotFound);
  EXPECT_EQ(etcd_->revoke(kNone).error().code, Code::kLeaseNotFound);
  const auto lease = etcd_->grant(Duration(60'000));
  EXPECT_TRUE(etcd_->keep_alive(lease->id, Duration(2000)).ok()) << "after one that was not there";
}

TEST_P(Contract, RevokeDeletesTheKeys) {
  const auto lease = etcd_->grant(Duration(60'000));
  const std::int64_t revision = put("a", "", lease->id);
  const auto changed = watch(*etcd_, revision + 1);
  ASSERT_TRUE(etcd_->revoke(lease->id).ok());
  const auto told = changes(*changed);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].value, std::nullopt);
}

TEST_P(Contract, AStopEndsAWaitingWatch) {
  std::stop_source stop;
  const auto waiting = std::move(etcd_->watch({prefix_, 0}, stop.get_token()).value());
  ASSERT_TRUE(waiting->next().ok());
  std::jthread stopper([&] {
    pause_for(Duration(50), {});  // so that next() waits by then; it must end either way
    stop.request_stop();
  });
  const SteadyTime start = std::chrono::steady_clock::now();
  const auto answer = waiting->next();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::kCanceled);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_EQ(waiting->next().error().code, Code::kCanceled) << "for good";
}

TEST_P(Contract, AStopBeforeTheWatchEndsIt) {
  std::stop_source stop;
  stop.request_stop();
  auto waiting = etcd_->watch({prefix_, 0}, stop.get_token());
  const EtcdError error = waiting ? end_of(**waiting) : waiting.error();
  EXPECT_EQ(error.code, Code::kCanceled);
}

TEST_P(Contract, AnEmptyKeyIsRefused) {
  EXPECT_FALSE(etcd_->put("", "x", 0).ok());
}

INSTANTIATE_TEST_SUITE_P(, Contract, testing::Values(Kind::kFake, Kind::kReal),
                         [](const auto& subject) {
                           return subject.param == Kind::kFake ? "Fake" : "Real";
                         });

}  // namespace
}  // namespace promster
