#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "core/settings.h"
#include "web/node_view.h"

namespace promster {

// Runs one node until SIGTERM or SIGINT: followers, registrar, probe, web server and the control
// loop (ARCHITECTURE.md). Returns 0 after a clean stop, 1 where it could not start (a port in use,
// no address to advertise, another promster at work in its folder), which is logged. `shown` is
// what the page says of the settings. REQUIRES: checked settings; the only thread of the process so
// far.
int run_agent(Settings settings, std::vector<ShownSetting> shown, const Log& log);

}  // namespace promster
