#include "cluster/target_registrar.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "base/inbox.h"
#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"

namespace promster {
namespace {

using std::chrono::seconds;

class TargetRegistrarTest : public testing::Test {
 protected:
  void SetUp() override {
    auto dir = TempDir::make("promster-registrar-test");
    ASSERT_TRUE(dir);
    dir_.emplace(std::move(*dir));
    auto etcd = EtcdServer::start({.dir = dir_->path()});
    ASSERT_TRUE(etcd) << etcd.error().message;
    etcd_.emplace(std::move(*etcd));
    client_ = make_etcd_client({.settings = {.endpoints = {etcd_->endpoint()}}});
  }

  std::unique_ptr<TargetRegistrar> make(std::vector<std::string> addresses) {
    return std::make_unique<TargetRegistrar>(
        TargetRegistrarOptions{.etcd = {.endpoints = {etcd_->endpoint()}},
                               .prefix = "/webservers/generator",
                               .addresses = std::move(addresses),
                               .ttl = seconds(2),
                               .report = [this](const Result<void>& told) { told_.push(told); }});
  }

  // The next report; a failure of the test where none comes.
  Result<void> report() {
    while (reports_.empty()) {
      auto more = told_.wait_until(std::chrono::steady_clock::now() + seconds(20));
      if (more.empty()) return Error{"no report came"};
      reports_.insert(reports_.end(), more.begin(), more.end());
    }
    const Result<void> first = reports_.front();
    reports_.erase(reports_.begin());
    return first;
  }

  std::vector<std::string> listing() {
    const auto range = client_->range({.prefix = "/webservers/"});
    if (!range) return {range.error().message};
    std::vector<std::string> entries;
    for (const KeyValue& entry : range->entries) entries.push_back(entry.key + "=" + entry.value);
    return entries;
  }

  std::optional<TempDir> dir_;
  std::optional<EtcdServer> etcd_;
  std::unique_ptr<Etcd> client_;
  Inbox<Result<void>> told_;
  std::vector<Result<void>> reports_;
};

TEST_F(TargetRegistrarTest, RegistersAndTakesBack) {
  auto registrar = make({"127.0.0.1:1", "127.0.0.1:2"});
  ASSERT_TRUE(report());
  EXPECT_EQ(listing(), (std::vector<std::string>{"/webservers/generator/127.0.0.1:1={}",
                                                 "/webservers/generator/127.0.0.1:2={}"}));
  registrar.reset();
  EXPECT_TRUE(listing().empty());
}

TEST_F(TargetRegistrarTest, RegistersAgainWhenTheDataIsLost) {
  const auto registrar = make({"127.0.0.1:1"});
  ASSERT_TRUE(report());
  etcd_->kill();
  ASSERT_TRUE(etcd_->wipe());
  ASSERT_TRUE(etcd_->restart());
  const auto lost = report();
  ASSERT_FALSE(lost);
  ASSERT_TRUE(report());
  EXPECT_EQ(listing(), std::vector<std::string>{"/webservers/generator/127.0.0.1:1={}"});
}

TEST_F(TargetRegistrarTest, OutlivesARestartOfEtcd) {
  const auto registrar = make({"127.0.0.1:1"});
  ASSERT_TRUE(report());
  etcd_->kill();
  ASSERT_TRUE(etcd_->restart());
  EXPECT_EQ(listing(), std::vector<std::string>{"/webservers/generator/127.0.0.1:1={}"});
}

TEST_F(TargetRegistrarTest, SaysThatItCannotAndEndsAllTheSame) {
  etcd_->kill();
  auto registrar = make({"127.0.0.1:1"});
  EXPECT_FALSE(report());
  registrar.reset();
}

}  // namespace
}  // namespace promster
