#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "core/keyspace.h"
#include "core/settings.h"
#include "core/snapshot.h"

namespace promster {

// What members and targets of etcd come to, as a node would compute it that takes no part itself:
// the snapshot has no node, and says in `missing` that none was asked.
// REQUIRES: checked settings. Pure, any thread.
Snapshot snapshot_of_etcd(const Settings& settings, const Listing& members, const Listing& targets);

// Answers what the API of a node answers (src/web/openapi.yaml), from etcd, which is listed once:
// status, nodes, targets, levels, explain and simulate, in the same words. The history is an error.
//
// Thread rule: one thread.
class EtcdAnswers {
 public:
  // Whether the Prometheus servers of the owners are asked how their targets are.
  enum class Health { kAsk, kLeave };
  // Fails where etcd does not answer within 10 s. Blocks. REQUIRES: checked settings.
  static Result<EtcdAnswers> read(const Settings& settings, Health health);
  ~EtcdAnswers();
  EtcdAnswers(EtcdAnswers&&) noexcept;
  EtcdAnswers& operator=(EtcdAnswers&&) noexcept;

  // The `data` for "targets?q=a", say.
  Result<std::string> ask(const std::string& resource);

 private:
  struct Api;
  explicit EtcdAnswers(std::unique_ptr<Api> api);
  std::unique_ptr<Api> api_;
};

}  // namespace promster
