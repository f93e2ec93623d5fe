#pragma once

#include "agent/settings_draft.h"
#include "agent/settings_load.h"

namespace promster {

// Reads the site's own configuration, where there is one, and takes over the intervals that it sets
// and nobody else does. REQUIRES: the values of the draft are read, and not completed yet.
void take_base_config(const SettingSources& sources, SettingsDraft& draft);

// Whether promster's configuration can be merged into it. REQUIRES: the settings are checked.
void check_base_config(SettingsDraft& draft);

}  // namespace promster
