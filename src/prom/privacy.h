#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <optional>
#include <string>

#include "prom/files.h"

namespace promster {

// Who may read a file. Pure values, any thread.
struct Privacy {
  mode_t mode = 0644;  // whoever; of another one no more than 0640
  uid_t user = 0;      // what follows counts where not everybody may
  gid_t group = 0;

  bool for_all() const { return (mode & S_IROTH) != 0; }
  bool operator==(const Privacy&) const = default;

  // Of this owner and mode, as far as they say who may read.
  static Privacy of(mode_t mode, uid_t user, gid_t group);
};

// As it is on the disk; nullopt where there is no such file.
std::optional<Privacy> privacy_of(const std::string& path);

// Of a file that only we may read.
Privacy only_ours();

// Whether the same people may read both, but for the owners, who always may.
bool same_readers(const Privacy& a, const Privacy& b);

// What nobody may read who is kept from either, but for the owner, who is that of the first where
// it has one.
Privacy stricter(const Privacy& first, const Privacy& second);

// How to write a file that is as private.
ReplaceOptions written_as(const Privacy& privacy);

}  // namespace promster
