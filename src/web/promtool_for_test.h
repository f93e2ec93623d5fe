#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/process.h"

namespace promster {

// What "promtool check metrics" finds in an exposition; empty where it is content. For tests.
inline std::string promtool_findings(const std::string& exposition) {
  std::string path = "/tmp/promster-metrics-XXXXXX";
  const int fd = ::mkstemp(path.data());
  if (fd < 0) return "no temporary file";
  const bool written =
      ::write(fd, exposition.data(), exposition.size()) == static_cast<ssize_t>(exposition.size());
  ::close(fd);
  // promtool reads standard input only.
  const auto output =
      run_program({"sh", "-c", "exec promtool check metrics < \"$0\"", path}, Duration(30'000));
  ::unlink(path.c_str());
  if (!written || !output) return written ? output.error().message : "the disk is full";
  return output->status.code == 0 ? output->text : output->status.text() + ": " + output->text;
}

}  // namespace promster
