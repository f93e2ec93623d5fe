#pragma once

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

// Files that other programs read while we replace them. Errors name the file and the step that
// failed: "write /etc/promster/rules.yml: rename: Permission denied".
//
// Thread rule: any thread; one writer a file.
namespace promster {

// Whose a file is to be.
struct FileOwner {
  uid_t user = 0;
  gid_t group = 0;
};

struct ReplaceOptions {
  mode_t mode = 0644;  // Prometheus may run as another user
  // As far as we may give it away. Where we may not even give it to the group, the group may not
  // read it.
  std::optional<FileOwner> owner{};
  // How the new file takes the place of the old one; tests let it fail.
  int (*rename)(const char* from, const char* to) = &std::rename;
};

// Whether the path is there and more people may read it than its owner, group and mode are to let.
// False where no owner is asked for.
bool read_by_more(const std::string& path, const ReplaceOptions& options);

// Makes `content` the content of the file and says whether the bytes on disk changed: equal bytes
// are not written again, unless more people may read them than `mode` allows. Who reads the path
// meanwhile sees the old or the new content, whole: a temporary file beside it is written, synced,
// and renamed. A file mounted by itself cannot be renamed over (EBUSY, EXDEV) and is rewritten in
// place; where it is another's, who may read it stays as it is. On an error the old content stays
// and nothing is left over.
Result<bool> replace_file(const std::string& path, std::string_view content,
                          const ReplaceOptions& options = {});

// Makes the directory and those above it, where missing, with mode 0755.
Result<void> ensure_directory(const std::string& path);

// Removes the temporary files that a replace_file() cut short (a crash, a power cut) left in the
// directory; only what has exactly our form of name. Returns how many there were.
// REQUIRES: no replace_file() is at work there.
Result<int> remove_left_over_files(const std::string& directory);

}  // namespace promster
