#include "prom/privacy.h"

#include <unistd.h>

namespace promster {
namespace {

constexpr mode_t kOfOwner = S_IRUSR | S_IWUSR;

}  // namespace

Privacy Privacy::of(mode_t mode, uid_t user, gid_t group) {
  if ((mode & S_IROTH) != 0) return {};
  return {.mode = kOfOwner | (mode & S_IRGRP), .user = user, .group = group};
}

std::optional<Privacy> privacy_of(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0) return std::nullopt;
  return Privacy::of(is.st_mode, is.st_uid, is.st_gid);
}

Privacy only_ours() {
  return {.mode = kOfOwner, .user = ::geteuid(), .group = ::getegid()};
}

bool same_readers(const Privacy& a, const Privacy& b) {
  return a.mode == b.mode && ((a.mode & S_IRGRP) == 0 || a.for_all() || a.group == b.group);
}

Privacy stricter(const Privacy& first, const Privacy& second) {
  if (first.for_all()) return second;
  if (second.for_all()) return first;
  mode_t mode = first.mode & second.mode;
  if (first.group != second.group) mode &= ~S_IRGRP;
  return {.mode = mode, .user = first.user, .group = first.group};
}

ReplaceOptions written_as(const Privacy& privacy) {
  if (privacy.for_all()) return {};
  return {.mode = privacy.mode, .owner = FileOwner{.user = privacy.user, .group = privacy.group}};
}

}  // namespace promster
