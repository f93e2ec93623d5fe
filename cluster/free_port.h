#pragma once

#include <string>

#include "base/result.h"

namespace promster {

// A loopback port that nobody listens on, kept for us: no other PortLease of this machine, in this
// process or another, has the same one while this lives. The kernel holds the lock (an abstract
// unix socket named after the port), so nothing is left behind however the process ends.
//
// The lease does not listen. A server started on the port may be stopped and started again as long
// as the lease lives.
//
// Thread rule: one thread.
class PortLease {
 public:
  PortLease(PortLease&& other) noexcept;
  PortLease& operator=(PortLease&& other) noexcept;
  ~PortLease();

  int port() const { return port_; }
  std::string address() const;  // 127.0.0.1:PORT

 private:
  friend Result<PortLease> reserve_port_in(int first, int last);
  PortLease(int port, int lock) : port_(port), lock_(lock) {}

  int port_ = 0;
  int lock_ = -1;
};

// Any free port of [20000, 32000): below the ephemeral range of Linux (32768 to 60999), so that no
// outgoing connection takes it between two starts of a server. Any thread.
Result<PortLease> reserve_port();

// The lowest free port of [first, last].
// REQUIRES: 1 <= first <= last <= 65535.
Result<PortLease> reserve_port_in(int first, int last);

// The lowest free port from `first` on; any where `first` is 0.
Result<PortLease> reserve_port_from(int first);

}  // namespace promster
