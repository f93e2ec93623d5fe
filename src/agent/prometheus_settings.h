#pragma once

#include <span>

#include "agent/setting_table.h"

namespace promster {

// The rows of the table of settings that speak of Prometheus, in its order.
std::span<const SettingSpec> prometheus_settings();

}  // namespace promster
