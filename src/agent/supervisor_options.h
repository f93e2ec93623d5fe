#pragma once

#include <string>
#include <vector>

#include "agent/supervisor.h"
#include "core/settings.h"

namespace promster {

// Tells the agent that a supervisor started it.
inline constexpr const char* kSupervisedVariable = "PROMSTER_SUPERVISED";

// Where the supervisor says which process Prometheus is.
std::string prometheus_pid_file(const Settings& settings);

// How to run the agent (this program again, with the same arguments) and Prometheus. Arguments that
// --prometheus.extra-args gives replace ours of the same name. Pure, any thread.
SupervisorOptions supervisor_options(const Settings& settings, const std::string& program,
                                     const std::vector<std::string>& arguments);

}  // namespace promster
