#include <unistd.h>

#include <filesystem>
#include <utility>

#include "agent/settings_load.h"
#include "base/file.h"

namespace promster {
namespace {

// Asked of the directory, or of the nearest one above it that exists: nothing is made to find out.
bool can_write(const std::string& path) {
  std::error_code failure;
  std::filesystem::path nearest = std::filesystem::absolute(path, failure);
  while (!std::filesystem::exists(nearest, failure) && nearest.has_relative_path()) {
    nearest = nearest.parent_path();
  }
  return std::filesystem::is_directory(nearest, failure) &&
         ::access(nearest.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

SettingSources process_sources(std::vector<GivenFlag> flags,
                               std::map<std::string, std::string> environment) {
  return {.flags = std::move(flags),
          .environment = std::move(environment),
          .read = [](const std::string& path) { return read_file(path); },
          .can_write = can_write};
}

}  // namespace promster
