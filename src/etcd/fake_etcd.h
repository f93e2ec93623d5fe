#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "base/inbox.h"
#include "etcd/fake_store.h"

namespace promster {

// An etcd in memory, for tests. One thread owns the store; every connection asks it through an
// inbox and is answered through another, so that what one connection does, all others see, in one
// order. Its time stands still but for FakeStore::advance.
//
// Thread rule: every function from any thread; each connection from one. The FakeEtcd outlives its
// connections.
class FakeEtcd {
 public:
  using Job = std::function<void(FakeStore&)>;

  FakeEtcd();
  ~FakeEtcd();
  FakeEtcd(const FakeEtcd&) = delete;
  FakeEtcd& operator=(const FakeEtcd&) = delete;

  std::unique_ptr<Etcd> connect();

  // Does `job` to the store, between the calls of the connections; returns when it is done.
  void on_store(const Job& job);

 private:
  Inbox<Job> jobs_;
  std::jthread owner_;
};

}  // namespace promster
