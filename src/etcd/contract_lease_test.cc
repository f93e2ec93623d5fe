// What every Etcd promises of leases, over FakeEtcd and over a real etcd.

#include "etcd/contract_for_test.h"

namespace promster {
namespace {

class ContractLease : public ContractTest {};

TEST_P(ContractLease, ALeaseIsAtLeastAsLongAsAsked) {
  for (const int seconds : {1, 2, 60}) {
    const auto lease = etcd_->grant(std::chrono::seconds(seconds));
    ASSERT_TRUE(lease.ok()) << lease.error().message;
    EXPECT_NE(lease->id, 0);
    EXPECT_EQ(lease->ttl, std::chrono::seconds(std::max(2, seconds)));
    EXPECT_TRUE(etcd_->revoke(lease->id).ok());
  }
}

TEST_P(ContractLease, ALeaseThatRunsOutTakesItsKeysAtOneRevision) {
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

TEST_P(ContractLease, AKeyUnderAnotherLeaseOutlivesTheFirst) {
  const auto first = etcd_->grant(Duration(60'000));
  const auto second = etcd_->grant(Duration(60'000));
  put("a", "1", first->id);
  put("a", "2", second->id);
  ASSERT_TRUE(etcd_->revoke(first->id).ok());
  EXPECT_EQ(etcd_->range({.prefix = prefix_, .start_key = {}})->entries.size(), 1u);
}

TEST_P(ContractLease, KeepAliveGivesTheWholeLeaseAgain) {
  const auto lease = etcd_->grant(Duration(60'000));
  for (int i = 0; i < 3; ++i) {
    const auto left = etcd_->keep_alive(lease->id, Duration(2000));
    ASSERT_TRUE(left.ok()) << left.error().message;
    EXPECT_EQ(*left, lease->ttl);
  }
}

TEST_P(ContractLease, ALeaseThatIsNotThere) {
  constexpr std::int64_t kNone = 4711;
  EXPECT_EQ(etcd_->keep_alive(kNone, Duration(2000)).error().code, Code::kLeaseNotFound);
  EXPECT_EQ(etcd_->put(prefix_ + "a", "", kNone).error().code, Code::kLeaseNotFound);
  EXPECT_EQ(etcd_->revoke(kNone).error().code, Code::kLeaseNotFound);
  const auto lease = etcd_->grant(Duration(60'000));
  EXPECT_TRUE(etcd_->keep_alive(lease->id, Duration(2000)).ok()) << "after one that was not there";
}

TEST_P(ContractLease, RevokeDeletesTheKeys) {
  const auto lease = etcd_->grant(Duration(60'000));
  const std::int64_t revision = put("a", "", lease->id);
  const auto changed = watch(*etcd_, revision + 1);
  ASSERT_TRUE(etcd_->revoke(lease->id).ok());
  const auto told = changes(*changed);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].value, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(, ContractLease, testing::Values(Kind::kFake, Kind::kReal), kind_name);

}  // namespace
}  // namespace promster
