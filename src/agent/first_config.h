#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/settings.h"

namespace promster {

// What was done that Prometheus can start before its agent does.
struct FirstConfig {
  std::vector<std::string> written;  // names of the files that were, back or anew
  std::string refusal;      // of the configuration that the settings ask for: by whom, and why
  std::string instead;      // where it is refused: what is there now
  bool left_alone = false;  // all is there, and kept by a promster at work
};

// Writes what a Prometheus needs that starts before its agent: the configuration, the rules, and,
// unless there is a file of targets, one that says "none yet". Asks promtool where there is one,
// but no etcd. Of a configuration that is refused nothing is written: what is there stays if it is
// not refused as well, else the last good one comes back, else there is one without rules and
// without what the site adds, since a Prometheus that scrapes is better than none, and its agent,
// which tells of the refusal, may wait for it.
//
// Where a promster is at work there (prom/config_lock.h), which keeps the files itself, nothing is
// done; that is fine where all of them are there, and a failure else. Fails, too, where there is no
// address to advertise, or the disk cannot be written. REQUIRES: checked settings. Blocks for
// seconds at most; any thread.
Result<FirstConfig> write_first_config(const Settings& settings);

}  // namespace promster
