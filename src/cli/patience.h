#pragma once

#include <iosfwd>
#include <string>
#include <thread>

#include "base/duration.h"
#include "base/inbox.h"
#include "core/settings.h"

namespace promster {

// While it lives somebody waits; after a second it says for what on `err`: "waiting for etcd at
// http://etcd:2379, up to 10 s". Who waits less hears nothing.
//
// Thread rule: made and destroyed by one thread, which does not write to `err` in between.
class Patience {
 public:
  Patience(std::ostream& err, std::string what, Duration most = Duration(10'000));
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

 private:
  Inbox<bool> over_;  // never has an item: it is closed at the end
  std::thread thread_;
};

// "etcd at http://a:2379, http://b:2379": what a command that lists targets, and nodes where there
// is a registry, waits for.
std::string etcds_of(const Settings& settings);

}  // namespace promster
