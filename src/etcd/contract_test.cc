// What every Etcd promises of keys and watches, over FakeEtcd and over a real etcd.

#include "etcd/contract_for_test.h"

namespace promster {
namespace {

class Contract : public ContractTest {};

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

// What an audit asks: how many keys, and which is the newest.
TEST_P(Contract, TheNewestKeyAndTheCountOfAll) {
  for (const char* name : {"a", "b", "c"}) put(name, "old");
  const std::int64_t newest = put("b", "new");
  const RangeRequest request{
      .prefix = prefix_, .start_key = {}, .limit = 1, .keys_only = true, .newest_first = true};
  auto read = etcd_->range(request);
  ASSERT_EQ(keys(*read), Keys{"b"});
  EXPECT_EQ(read->entries[0].mod_revision, newest);
  EXPECT_EQ(read->count, 3);
  EXPECT_TRUE(read->more);
  subject().erase(prefix_ + "b");
  read = etcd_->range(request);
  EXPECT_EQ(keys(*read), Keys{"c"});
  EXPECT_EQ(read->count, 2);
  RangeRequest before = request;
  before.limit = 0;
  before.revision = newest;
  read = etcd_->range(before);
  EXPECT_EQ(keys(*read), (Keys{"b", "c", "a"}));
  EXPECT_EQ(read->count, 3) << "as it was then";
  EXPECT_EQ(etcd_->range({.prefix = prefix_ + "x", .start_key = {}})->count, 0);
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

TEST_P(Contract, AWaitWithADeadlineLeavesTheWatchAsItWas) {
  const auto waiting = watch(*etcd_, 0);
  const auto soon = [] { return std::chrono::steady_clock::now() + Duration(50); };
  const auto created = waiting->next_until(soon());
  ASSERT_TRUE(created.ok() && created->has_value());
  EXPECT_TRUE((*created)->created);
  for (int i = 0; i < 3; ++i) {
    const SteadyTime deadline = soon();
    auto answer = waiting->next_until(deadline);
    while (answer.ok() && *answer) answer = waiting->next_until(deadline);  // progress
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_GE(std::chrono::steady_clock::now(), deadline);
  }
  put("a", "1");
  EXPECT_EQ(changes(*waiting)[0].key, prefix_ + "a");
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

INSTANTIATE_TEST_SUITE_P(, Contract, testing::Values(Kind::kFake, Kind::kReal), kind_name);

}  // namespace
}  // namespace promster
