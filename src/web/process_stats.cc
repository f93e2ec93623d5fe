#include "web/process_stats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/text.h"

namespace promster {
namespace {

double number(std::string_view text) {
  return std::strtod(std::string(text).c_str(), nullptr);
}

// The fields of /proc/self/stat from the third on, so that [0] is the one that proc(5) numbers 3.
// The second, the name of the program, may hold spaces and parentheses: its end is the last ")".
std::vector<double> fields_after_name(const std::string& stat) {
  std::vector<double> fields;
  const std::size_t name_end = stat.rfind(") ");
  if (name_end == std::string::npos) return fields;
  for (const std::string_view text : split(std::string_view(stat).substr(name_end + 2), ' ')) {
    fields.push_back(number(text));
  }
  return fields;
}

// When the machine started, in unix seconds.
std::optional<double> boot_time() {
  const auto stat = read_file("/proc/stat");
  if (!stat) return std::nullopt;
  for (const std::string_view line : split(*stat, '\n')) {
    if (line.starts_with("btime ")) return number(line.substr(6));
  }
  return std::nullopt;
}

std::optional<double> open_descriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator entries("/proc/self/fd", error);
  if (error) return std::nullopt;
  // One of them is the folder that is being read.
  return static_cast<double>(std::distance(begin(entries), end(entries)) - 1);
}

std::optional<double> most_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

ProcessStats read_process_stats() {
  ProcessStats stats{.open_fds = open_descriptors(), .max_fds = most_descriptors()};
  const auto stat = read_file("/proc/self/stat");
  if (!stat) return stats;
  const auto fields = fields_after_name(*stat);
  const auto field = [&fields](std::size_t as_in_proc5) { return fields[as_in_proc5 - 3]; };
  if (fields.size() < 22) return stats;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  stats.cpu_seconds = (field(14) + field(15)) / ticks;
  stats.virtual_bytes = field(23);
  stats.resident_bytes = field(24) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (const auto boot = boot_time()) stats.start_time = *boot + field(22) / ticks;
  return stats;
}

}  // namespace promster
