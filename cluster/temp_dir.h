#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace promster {

// A new, empty directory below TMPDIR (or /tmp) that only we can read, removed with all that is in
// it when this is destroyed.
//
// Thread rule: one thread.
class TempDir {
 public:
  // Its name starts with `name`.
  static Result<TempDir> make(std::string_view name = "promster");

  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&& other) noexcept;
  ~TempDir();

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  explicit TempDir(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace promster
