#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace promster {

// Which processes of this machine listen on a TCP port: proc(5), where /proc/net/tcp{,6} gives the
// sockets and /proc/PID/fd their holders. That needs the same user, or root.
//
// Thread rule: any thread.

// A socket that listens: what /proc/PID/fd/N of its holder links to, and whose it is.
struct Listener {
  std::string link;
  uid_t owner = 0;
};
std::vector<Listener> listeners(int port);

enum class Holds { kYes, kNo, kHidden };  // kHidden: we may not look into its descriptors
Holds holds_one_of(pid_t pid, const std::vector<Listener>& sockets);

// Whether one of the sockets is of the user of this process.
bool owns_one_of(pid_t pid, const std::vector<Listener>& sockets);

// Whether it runs this program: a name, or a path.
bool has_name(pid_t pid, const std::string& program);

// Whether this process runs this program and listens on the port. Where its descriptors are hidden
// from its own user (systemd's PrivateUsers=), the owner of the socket decides.
bool listens(pid_t pid, const std::string& program, int port);

}  // namespace promster
