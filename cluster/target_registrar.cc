#include "cluster/target_registrar.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "base/backoff.h"
#include "etcd/client.h"

namespace promster {

TargetRegistrar::TargetRegistrar(TargetRegistrarOptions options)
    : options_(std::move(options)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

TargetRegistrar::~TargetRegistrar() {
  thread_.request_stop();
  stopped_.close();
  thread_.join();
}

void TargetRegistrar::run(const std::stop_token& stop) {
  const auto seed = static_cast<std::uint64_t>(::getpid());
  const auto etcd = make_etcd_client({.settings = options_.etcd, .seed = seed, .stop = stop});
  Backoff backoff({}, seed);
  while (!stop.stop_requested()) {
    const auto lease = register_all(*etcd);
    EtcdError error = lease ? EtcdError{} : lease.error();
    if (lease) {
      options_.report({});
      backoff.reset();
      error = renew(*etcd, *lease, stop);
      if (stop.stop_requested()) (void)etcd->revoke(*lease);  // else it ends by itself
    }
    if (stop.stop_requested()) return;
    options_.report(Error{error.message});
    pause(backoff.next());
  }
}

EtcdResult<std::int64_t> TargetRegistrar::register_all(Etcd& etcd) {
  const auto lease = etcd.grant(options_.ttl);
  if (!lease) return lease.error();
  for (const std::string& address : options_.addresses) {
    const auto put = etcd.put(options_.prefix + "/" + address, options_.value, lease->id);
    if (!put) return put.error();
  }
  return lease->id;
}

EtcdError TargetRegistrar::renew(Etcd& etcd, std::int64_t lease, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pause(options_.ttl / 5);
    const auto left = etcd.keep_alive(lease, options_.ttl / 5);
    // Another failure may pass before the lease does.
    if (!left && left.error().code == EtcdError::Code::kLeaseNotFound) return left.error();
  }
  return {};
}

void TargetRegistrar::pause(Duration length) {
  (void)stopped_.wait_until(std::chrono::steady_clock::now() + length);
}

}  // namespace promster
