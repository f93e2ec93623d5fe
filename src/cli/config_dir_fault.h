#pragma once

#include <string>

namespace promster {

// Why the files for Prometheus can never be written into `dir`, with the mend; empty where nothing
// stands against it. A program that is started where it lies finds itself at ./promster. Looks at
// the disk; any thread.
std::string config_dir_fault(const std::string& dir);

}  // namespace promster
