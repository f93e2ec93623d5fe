#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/duration.h"
#include "base/inbox.h"
#include "base/result.h"
#include "core/settings.h"
#include "etcd/etcd.h"

namespace promster {

struct TargetRegistrarOptions {
  EtcdSettings etcd;                   // REQUIRES: at least one endpoint
  std::string prefix;                  // such as "/webservers/generator"
  std::vector<std::string> addresses;  // of targets: the key is PREFIX/ADDRESS
  std::string value = "{}";            // what flaviostutz/etcd-registrar writes
  Duration ttl{10'000};
  // Told, on the registrar's thread, that all are registered, or why they are not.
  std::function<void(const Result<void>&)> report = [](const Result<void>&) {};
};

// Keeps targets registered in etcd, all under one lease, which is renewed five times in its time to
// live; where it is lost they are registered again.
//
// Thread rule: made and destroyed by one thread; it works on a thread of its own.
class TargetRegistrar {
 public:
  explicit TargetRegistrar(TargetRegistrarOptions options);
  // Takes the registration back, and returns when that is done or cannot be.
  ~TargetRegistrar();

 private:
  void run(const std::stop_token& stop);
  EtcdResult<std::int64_t> register_all(Etcd& etcd);
  // Returns when the lease is gone or a stop was asked for.
  EtcdError renew(Etcd& etcd, std::int64_t lease, const std::stop_token& stop);
  void pause(Duration length);

  TargetRegistrarOptions options_;
  Inbox<bool> stopped_;  // never has an item: it is closed to end a pause
  std::jthread thread_;
};

}  // namespace promster
