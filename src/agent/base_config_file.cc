#include "agent/base_config_file.h"

#include <glob.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <utility>

namespace promster {
namespace {

void append_stamp(std::string& stamp, const char* path) {
  struct stat is {};
  if (::stat(path, &is) != 0) return;
  const auto add = [&stamp](auto number) { stamp += std::to_string(number) + ' '; };
  add(is.st_ino);
  add(is.st_size);
  // No copy can preserve the time of change, which another mode or owner changes as well.
  for (const timespec& time : {is.st_mtim, is.st_ctim}) {
    add(time.tv_sec);
    add(time.tv_nsec);
  }
  stamp.append(path).append("\n");
}

}  // namespace

std::string stamp_of_files(const std::vector<std::string>& patterns) {
  std::string stamp;
  for (const std::string& pattern : patterns) {
    glob_t found{};
    const std::unique_ptr<glob_t, decltype(&::globfree)> owner(&found, &::globfree);
    if (::glob(pattern.c_str(), 0, nullptr, &found) != 0) continue;
    for (std::size_t i = 0; i < found.gl_pathc; ++i) append_stamp(stamp, found.gl_pathv[i]);
  }
  return stamp;
}

Result<BaseConfig> load_base_config(
    const std::string& path, const std::function<Result<std::string>(const std::string&)>& read) {
  std::error_code failure;
  BaseConfig base{.file = std::filesystem::absolute(path, failure).lexically_normal().string()};
  if (failure) return Error{path + ": " + failure.message()};
  auto text = read(base.file);
  if (!text) return text.error();
  base.text = *std::move(text);
  const auto facts = read_base_config(base);
  if (!facts) return facts.error();
  base.stamp = stamp_of_files(facts->rule_files);
  return base;
}

}  // namespace promster
