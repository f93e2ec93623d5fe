#pragma once

#include "agent/settings_draft.h"

namespace promster {

// Fills in what follows from other settings: the etcd of the targets from the registry's, the
// timeout from a shorter interval, the data directory; drops scrape paths that are empty or said
// twice. Pure, any thread.
void complete_settings(SettingsDraft& draft);

// Holds the settings against each other and against what etcd and Prometheus accept. Everything
// that is wrong goes to draft.errors, and names where it was set. Pure, any thread. REQUIRES: the
// draft is complete.
void check_settings(SettingsDraft& draft);

}  // namespace promster
