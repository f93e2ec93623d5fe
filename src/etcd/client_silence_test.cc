// A peer that falls silent while its connections stand, as behind a broken network: SIGSTOP leaves
// etcd's sockets open, and the kernel goes on to acknowledge what we send.

#include <gtest/gtest.h>

#include <thread>

#include "cluster/etcd_server.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"

namespace promster {
namespace {

using Code = EtcdError::Code;

double seconds_since(SteadyTime start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(ClientSilence, EverythingEnds) {
  const auto dir = TempDir::make("silence");
  auto server = EtcdServer::start({.dir = dir->path()});
  ASSERT_TRUE(server.ok()) << server.error().message;
  EtcdSettings settings;
  settings.endpoints = {server->endpoint()};
  const EtcdClientOptions options{.settings = settings, .report = {}, .stop = {}};
  const auto watcher = make_etcd_client(options);
  const auto caller = make_etcd_client(options);
  const auto watch = std::move(watcher->watch({"/a/", 0}, {}).value());
  ASSERT_TRUE(watch->next()->created);
  const auto lease = caller->grant(Duration(60'000));
  ASSERT_TRUE(caller->keep_alive(lease->id, Duration(2000)).ok());

  server->pause();
  const SteadyTime start = std::chrono::steady_clock::now();
  std::jthread calls([&] {
    EXPECT_EQ(caller->keep_alive(lease->id, Duration(500)).error().code, Code::kDeadline);
    EXPECT_LT(seconds_since(start), 1.5);
    EXPECT_FALSE(caller->revoke(lease->id).ok());
    EXPECT_LT(seconds_since(start), 4.0) << "one second, and a new connection";
    EXPECT_FALSE(caller->range({.prefix = "/a/", .start_key = {}}).ok());
    EXPECT_LT(seconds_since(start), 8.0);
  });
  const auto ended = watch->next();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, Code::kUnavailable) << ended.error().message;
  EXPECT_LT(seconds_since(start), 16.5) << "a ping each 10 s, answered within 5 s";
  calls.join();
  server->resume();
  EXPECT_TRUE(caller->keep_alive(lease->id, Duration(2000)).ok());
}

}  // namespace
}  // namespace promster
