#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace promster {

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const auto failed = [&path] {
    return Error{"read " + path + ": " + std::generic_category().message(errno)};
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed();
  std::string content;
  std::array<char, 64 << 10> buffer;
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || content.size() > most) {
      const Result<std::string> outcome =
          got < 0 ? Result<std::string>(failed())
          : content.size() > most
              ? Result<std::string>(Error{"read " + path + ": larger than " + std::to_string(most) + " bytes"})
              : Result<std::string>(std::move(content));
      ::close(fd);
      return outcome;
    }
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace promster
