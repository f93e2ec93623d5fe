#pragma once

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

// What every Etcd promises, tested over FakeEtcd and over a real etcd: the fixture of the suites.
namespace promster {

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

class ContractTest : public testing::TestWithParam<Kind> {
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

inline std::string kind_name(const testing::TestParamInfo<Kind>& kind) {
  return kind.param == Kind::kFake ? "Fake" : "Real";
}

}  // namespace promster
