#include "prom/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "base/file.h"

namespace promster {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryMark = ".promster-";
constexpr std::size_t kTemporaryDigits = 16;
constexpr mode_t kOfTheGroup = 0070;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

// What errno says of a step, as an error that starts with the step's name.
Error failed(std::string_view step) {
  return Error{std::string(step) + ": " + std::generic_category().message(errno)};
}

std::string directory_of(const std::string& path) {
  const std::string directory = fs::path(path).parent_path().string();
  return directory.empty() ? "." : directory;
}

// ".rules.yml.promster-0123456789abcdef": hidden, in the same directory, and without the endings
// that Prometheus's patterns for files ask for.
std::string temporary_name(const std::string& path) {
  std::random_device random;
  std::string name = "." + fs::path(path).filename().string() + std::string(kTemporaryMark);
  for (std::size_t i = 0; i < kTemporaryDigits; ++i) name += "0123456789abcdef"[random() % 16];
  return directory_of(path) + "/" + name;
}

bool is_temporary_name(std::string_view name) {
  const auto mark = name.rfind(kTemporaryMark);
  if (!name.starts_with('.') || mark == std::string_view::npos || mark == 0) return false;
  const auto digits = name.substr(mark + kTemporaryMark.size());
  return digits.size() == kTemporaryDigits &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool more_than(const ReplaceOptions& options, const struct stat& is) {
  if (!options.owner) return false;
  if ((is.st_mode & (S_IRGRP | S_IROTH) & ~options.mode) != 0) return true;
  return (is.st_mode & S_IRGRP) != 0 && is.st_gid != options.owner->group;
}

bool has_content(const std::string& path, std::string_view content, const ReplaceOptions& options) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file.ok() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  if (static_cast<std::size_t>(status.st_size) != content.size()) return false;
  if (more_than(options, status)) return false;
  std::array<char, 64 << 10> buffer;
  while (!content.empty()) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    const auto size = static_cast<std::size_t>(got);
    if (content.substr(0, size) != std::string_view(buffer.data(), size)) return false;
    content.remove_prefix(size);
  }
  return true;
}

Result<void> write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed("write");
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

// Before the bytes are there, so that nobody else ever reads them.
Result<void> give_away(int fd, const ReplaceOptions& options) {
  mode_t mode = options.mode;
  if (options.owner) {
    const bool given = ::fchown(fd, options.owner->user, options.owner->group) == 0 ||
                       ::fchown(fd, static_cast<uid_t>(-1), options.owner->group) == 0;
    if (!given) mode &= ~kOfTheGroup;
  }
  if (::fchmod(fd, mode) != 0) return failed("chmod");
  return {};
}

// The bytes must be on the disk before the name points to them.
Result<void> write_temporary(const std::string& path, std::string_view content,
                             const ReplaceOptions& options) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.ok()) return failed("create");
  if (auto given = give_away(file.get(), options); !given) return given;
  if (auto written = write_all(file.get(), content); !written) return written;
  if (::fsync(file.get()) != 0) return failed("fsync");
  return {};
}

Result<void> sync_directory(const std::string& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.ok()) return failed("open directory");
  if (::fsync(directory.get()) != 0) return failed("fsync directory");
  return {};
}

Result<void> overwrite(int fd, std::string_view content) {
  if (::lseek(fd, 0, SEEK_SET) != 0) return failed("seek");
  if (auto written = write_all(fd, content); !written) return written;
  if (::ftruncate(fd, static_cast<off_t>(content.size())) != 0) return failed("truncate");
  if (::fsync(fd) != 0) return failed("fsync");
  return {};
}

// Whose mode we may not even set to what it is.
bool is_of_another(int fd) {
  struct stat is {};
  return ::fstat(fd, &is) == 0 && ::fchmod(fd, is.st_mode & 07777) != 0 && errno == EPERM;
}

// Where the new bytes do not fit (a full disk), the old ones still do.
Result<void> rewrite_in_place(const std::string& path, std::string_view content,
                              const ReplaceOptions& options) {
  const auto old = read_file(path);
  if (!old) return old.error();
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.ok()) return failed("open");
  if (options.owner && !is_of_another(file.get())) {
    if (auto given = give_away(file.get(), options); !given) return given;
  }
  auto written = overwrite(file.get(), content);
  if (written) return written;
  const auto restored = overwrite(file.get(), *old);
  return restored ? written : restored.error().within(written.error().message + "; restore");
}

Result<void> replace(const std::string& path, std::string_view content,
                     const ReplaceOptions& options) {
  const std::string temporary = temporary_name(path);
  if (auto written = write_temporary(temporary, content, options); !written) {
    const bool ours = !written.error().message.starts_with("create");
    if (ours) ::unlink(temporary.c_str());
    return written;
  }
  if (options.rename(temporary.c_str(), path.c_str()) == 0) {
    return sync_directory(directory_of(path));
  }
  const bool mounted_by_itself = errno == EBUSY || errno == EXDEV;
  const Error why = failed("rename");
  ::unlink(temporary.c_str());
  return mounted_by_itself ? rewrite_in_place(path, content, options) : Result<void>(why);
}

}  // namespace

bool read_by_more(const std::string& path, const ReplaceOptions& options) {
  struct stat is {};
  return ::stat(path.c_str(), &is) == 0 && more_than(options, is);
}

Result<bool> replace_file(const std::string& path, std::string_view content,
                          const ReplaceOptions& options) {
  if (has_content(path, content, options)) return false;
  if (const auto replaced = replace(path, content, options); !replaced) {
    return replaced.error().within("write " + path);
  }
  return true;
}

Result<void> ensure_directory(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error && !fs::is_directory(path, error))
    error = std::make_error_code(std::errc::not_a_directory);
  if (error) return Error{"make directory " + path + ": " + error.message()};
  return {};
}

Result<int> remove_left_over_files(const std::string& directory) {
  std::error_code error;
  int removed = 0;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!is_temporary_name(entry->path().filename().string())) continue;
    removed += fs::remove(entry->path(), error) ? 1 : 0;
  }
  if (error) return Error{"clean " + directory + ": " + error.message()};
  return removed;
}

}  // namespace promster
