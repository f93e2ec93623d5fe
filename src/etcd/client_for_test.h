#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"

// What the tests of the client have in common.
namespace promster {

using Code = EtcdError::Code;

inline const RangeRequest kAll{.prefix = "/ok/", .start_key = {}};

// Starts etcd in a directory of its own.
class Server {
 public:
  explicit Server(EtcdOptions options = {}) : dir_(TempDir::make("client").value()) {
    options.dir = dir_.path();
    auto started = EtcdServer::start(options);
    if (!started) throw std::runtime_error(started.error().message);
    etcd.emplace(std::move(started).value());
  }

 private:
  TempDir dir_;

 public:
  std::optional<EtcdServer> etcd;
};

inline EtcdSettings at(std::vector<std::string> endpoints) {
  EtcdSettings settings;
  settings.endpoints = std::move(endpoints);
  return settings;
}

inline std::unique_ptr<Etcd> client(const EtcdSettings& settings, std::uint64_t seed = 0) {
  return make_etcd_client({.settings = settings, .seed = seed, .report = {}, .stop = {}});
}

inline double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace promster
