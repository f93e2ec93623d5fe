// From the put of a target in etcd to the target file that has it, with one real node and a real
// etcd:
//   change_latency [targets] [changes]
// prints the median, the 99th percentile and the maximum in milliseconds.
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/file.h"
#include "cluster/etcd_server.h"
#include "cluster/node.h"
#include "cluster/temp_dir.h"
#include "etcd/client.h"

namespace promster {
namespace {

using std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "change_latency: %s\n", why.c_str());
  std::exit(1);
}

template <class R>
auto must(R result) {
  if (!result) fail(result.error().message);
  return std::move(result).value();
}

std::string address(int i) {
  return "10." + std::to_string(i >> 16) + "." + std::to_string(i >> 8 & 255) + "." +
         std::to_string(i & 255) + ":80";
}

// Waits for the next file that takes its place in the folder; false after ten seconds.
bool wait_for_rename(int inotify) {
  pollfd waiting{.fd = inotify, .events = POLLIN, .revents = 0};
  std::array<char, 4096> events;
  return ::poll(&waiting, 1, 10'000) == 1 && ::read(inotify, events.data(), events.size()) > 0;
}

// Milliseconds from the put to the file.
double one_change(Etcd& etcd, int inotify, const std::string& file, int i) {
  const auto started = steady_clock::now();
  must(etcd.put("/t/app/" + address(i), "", 0));
  do {
    if (!wait_for_rename(inotify)) fail("the change is not in the file");
  } while (must(read_file(file)).find('"' + address(i) + '"') == std::string::npos);
  return std::chrono::duration<double, std::milli>(steady_clock::now() - started).count();
}

int measure(int targets, int changes) {
  const TempDir dir = must(TempDir::make("latency"));
  EtcdServer server = must(EtcdServer::start({.dir = dir.path()}));
  const auto etcd = make_etcd_client({.settings = {.endpoints = {server.endpoint()}}});
  for (int i = 0; i < targets; ++i) must(etcd->put("/t/app/" + address(i), "", 0));
  Node node = must(Node::start({.binary = PROMSTER_BINARY,
                                .name = "node",
                                .dir = dir.path(),
                                .environment = {{"SCRAPE_ETCD_PATH", "/t"},
                                                {"REGISTRY_ETCD_URL", server.endpoint()},
                                                {"REGISTRY_SERVICE", "s"}}}));
  if (const auto ready = node.wait_until_ready(std::chrono::seconds(60)); !ready)
    fail(ready.error().message);
  const std::string folder = node.config_dir() + "/sd";
  const int inotify = ::inotify_init1(IN_CLOEXEC);
  if (inotify < 0 || ::inotify_add_watch(inotify, folder.c_str(), IN_MOVED_TO) < 0) fail("inotify");
  std::vector<double> took;
  for (int i = 0; i < changes; ++i) {
    ::usleep(300'000);  // changes that come alone: 200 ms is the least between two writes
    took.push_back(one_change(*etcd, inotify, folder + "/targets.json", targets + i));
  }
  ::close(inotify);
  std::ranges::sort(took);
  std::printf("%d targets, %d changes: median %.1f ms, p99 %.1f ms, max %.1f ms\n", targets,
              changes, took[took.size() / 2], took[took.size() * 99 / 100], took.back());
  return 0;
}

}  // namespace
}  // namespace promster

int main(int argc, char** argv) {
  const int targets = argc > 1 ? std::atoi(argv[1]) : 1000;
  const int changes = argc > 2 ? std::atoi(argv[2]) : 50;
  if (targets < 0 || changes < 1) promster::fail("usage: change_latency [targets] [changes]");
  return promster::measure(targets, changes);
}
