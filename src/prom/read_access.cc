#include "prom/read_access.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace promster {
namespace {

constexpr std::uint64_t kReadsAll = 0b110;  // CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
constexpr long kUnmapped = 65534;           // what the kernel shows of users of other namespaces

std::vector<std::string> words_after(const std::string& status, std::string_view label) {
  const auto at = status.find("\n" + std::string(label) + ":");
  if (at == status.npos) return {};
  const auto begin = status.find(':', at) + 1;
  std::istringstream line(status.substr(begin, status.find('\n', begin) - begin));
  std::vector<std::string> words;
  for (std::string word; line >> word;) words.push_back(word);
  return words;
}

bool every_user_is_mapped() {
  const auto map = read_file("/proc/self/uid_map");
  return map && map->find("4294967295") != map->npos;
}

}  // namespace

bool surely_cannot_read(pid_t process, const std::string& file) {
  struct stat is {};
  const auto status = read_file("/proc/" + std::to_string(process) + "/status");
  if (!status || ::stat(file.c_str(), &is) != 0 || (is.st_mode & S_IROTH) != 0) return false;
  // Of real, effective, saved and file system id the last one counts.
  const auto users = words_after(*status, "Uid"), groups = words_after(*status, "Gid");
  const auto capabilities = words_after(*status, "CapEff");
  if (users.size() != 4 || groups.size() != 4 || capabilities.size() != 1) return false;
  if ((std::stoull(capabilities[0], nullptr, 16) & kReadsAll) != 0) return false;
  const long user = std::stol(users[3]);
  if (user == kUnmapped && !every_user_is_mapped()) return false;
  if (user == static_cast<long>(is.st_uid)) return (is.st_mode & S_IRUSR) == 0;
  const std::string group = std::to_string(is.st_gid);
  const auto others = words_after(*status, "Groups");
  const bool in_group = groups[3] == group || std::ranges::find(others, group) != others.end();
  return !in_group || (is.st_mode & S_IRGRP) == 0;
}

}  // namespace promster
