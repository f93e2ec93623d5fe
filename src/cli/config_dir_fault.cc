#include "cli/config_dir_fault.h"

#include <filesystem>

namespace promster {

std::string config_dir_fault(const std::string& dir) {
  std::error_code failure;
  const bool taken =
      std::filesystem::exists(dir, failure) && !std::filesystem::is_directory(dir, failure);
  if (!taken) return "";
  return dir +
         " is a file, and the files for Prometheus go into a folder of that name; try: "
         "--prometheus.config-dir=DIR, or start promster in another folder";
}

}  // namespace promster
